"""Every component renders in every frame and both languages, with nothing a strict content policy refuses."""

import re

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation

from zhiwei.ui.values import Choice, Frame, FrameKind, NavItem, Stat


def draw(source: str, **values: object) -> str:
    return Template("{% load zw %}" + source).render(Context(values))


@pytest.mark.parametrize("kind", list(FrameKind))
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_component_page_renders_in_each_frame(kind: FrameKind, language: str) -> None:
    with translation.override(language):
        page = Client().get(f"/ui/components/?frame={kind}").content.decode()
    assert f'class="frame-{"pupil" if kind == "guardian" else kind}"' in page
    assert ("Figures that speak" in page) is (language == "en")
    assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", page)
    assert all("src=" in tag or "application/json" in tag for tag in re.findall(r"<script[^>]*>", page))


def test_english_pages_hold_no_chinese_but_names_and_the_mark() -> None:
    with translation.override("en"):
        page = Client().get("/ui/components/").content.decode()
    text = re.sub(r"<script.*?</script>|<[^>]+>", " ", page, flags=re.DOTALL)
    allowed = "王晓宁李清源陈思远周一诺赵子涵林知夏欧阳修青禾初级中学八年级班知夏中文"
    found = re.findall(r"[\u4e00-\u9fff]+", text)
    left = [word for word in found if not set(word) <= set(allowed)]
    # the sample answer and the sample text are a pupil's and a teacher's own words
    assert all(word in _own_words() for word in left), left


def _own_words() -> str:
    from zhiwei.ui.web.samples import ANSWER, PROSE

    return ANSWER + PROSE


@pytest.mark.parametrize(
    "name", ["404.html", "403.html", "403_csrf.html", "400.html", "500.html", "ui/offline.html"]
)
def test_error_pages_need_no_context(name: str) -> None:
    page = render_to_string(name)
    assert "<h1>" in page
    assert 'href="/"' in page


def test_a_name_that_is_no_icon_is_refused() -> None:
    assert 'href="/static/vendor/icons.svg#house"' in draw('{% icon "house" %}')
    assert 'aria-label="首页"' in draw('{% icon "house" label="首页" %}')
    with pytest.raises(TemplateSyntaxError, match="no-such"):
        draw('{% icon "no-such" %}')


def test_a_button_takes_any_attribute_and_escapes_it() -> None:
    drawn = draw("{% button '保存' kind='primary' hx_post=url disabled=True %}", url='/x?"><b>')
    assert 'class="button primary"' in drawn
    assert 'hx-post="/x?&quot;&gt;&lt;b&gt;"' in drawn
    assert " disabled" in drawn
    assert 'type="button"' in drawn
    assert draw("{% button '看' url='/a' %}").startswith('<a class="button ')


def test_what_people_typed_is_escaped_everywhere() -> None:
    bad = "<b onclick=x>"
    source = (
        "{% notice bad %}{% badge bad %}{% person bad note=bad %}{% evidence bad %}{{ bad|formulas }}"
        "{{ bad|markdown }}{% card title=bad %}{% endcard %}{% empty bad bad %}{% endempty %}"
        "{% dialog 'd' bad %}{% enddialog %}"
    )
    assert "<b " not in draw(source, bad=bad)


class OneField(forms.Form):
    name = forms.CharField(label="姓名", help_text="如身份证所写")


def test_a_field_joins_label_help_and_error() -> None:
    drawn = draw("{% field form.name %}{% form_errors form %}", form=OneField({"name": ""}))
    assert 'for="id_name"' in drawn
    assert 'id="id_name_helptext"' in drawn
    assert 'id="id_name_error"' in drawn
    described = re.search(r'aria-describedby="([^"]+)"', drawn)
    assert described is not None
    assert set(described.group(1).split()) == {"id_name_helptext", "id_name_error"}
    assert '<a href="#id_name">姓名</a>' in drawn


def test_a_form_without_errors_has_no_summary() -> None:
    assert "notice" not in draw("{% form_errors form %}", form=OneField())


def test_a_running_job_asks_again_and_a_finished_one_does_not() -> None:
    running = draw("{% progress '导入' done=3 total=8 url='/job/1' %}")
    assert 'hx-get="/job/1"' in running
    assert 'max="8" value="3"' in running
    done = draw("{% progress '导入' done=8 total=8 url='/job/1' state='done' %}")
    assert "hx-get" not in done
    assert "<progress" not in done


def test_a_score_says_who_gave_it() -> None:
    assert "人" in draw("{% score 4 5 %}")
    assert "机" in draw("{% score 3 5 'machine' %}")
    assert "未评" in draw("{% score none 5 %}", none=None)


def test_a_rubric_sums_only_what_is_decided() -> None:
    from zhiwei.ui.values import RubricLine

    decided = draw("{% rubric lines %}", lines=[RubricLine("甲", 2, 1.5), RubricLine("乙", 1, 1)])
    assert "2.5 / 3" in decided
    open_one = draw("{% rubric lines %}", lines=[RubricLine("甲", 2, 1.5), RubricLine("乙", 1)])
    assert "rubric-sum" not in open_one


def test_pages_keep_the_filter() -> None:
    request = RequestFactory().get("/list/", {"q": "王", "page": "2"})
    drawn = draw("{% pages page %}", page=Paginator(range(90), 30).page(2), request=request)
    assert 'href="?page=3&amp;q=%E7%8E%8B"' in drawn
    assert 'aria-current="page">2<' in drawn
    assert draw("{% pages page %}", page=Paginator(range(9), 30).page(1)) == ""


def test_the_filter_line_keeps_other_parts_of_the_address() -> None:
    request = RequestFactory().get("/list/", {"q": "王", "view": "late", "page": "2"})
    choices = (Choice("class", "班级", (("3", "3班"),), chosen="3"),)
    drawn = draw(
        "{% list_tools '#x' 120 choices=choices export_url='/e' %}", request=request, choices=choices
    )
    assert 'type="hidden" name="view" value="late"' in drawn
    assert 'name="page"' not in drawn
    assert 'value="王"' in drawn
    assert '<option value="3" selected>' in drawn


def test_a_sorted_head_turns_round() -> None:
    request = RequestFactory().get("/list/", {"sort": "name"})
    drawn = draw("{% sort_head '姓名' 'name' %}", request=request)
    assert 'aria-sort="ascending"' in drawn
    assert "sort=-name" in drawn


def test_counts_and_initials() -> None:
    assert draw("{% count 0 %}") == ""
    assert "99+" in draw("{% count 120 %}")
    assert ">宁<" in draw("{% avatar '王晓宁' %}")
    assert ">A<" in draw("{% avatar 'Ada Lovelace' %}")
    assert ">·<" in draw("{% avatar '' %}")


def test_a_stat_without_a_past_draws_no_line() -> None:
    assert "<path" not in draw("{% stat s %}", s=Stat("句子", "5"))
    assert '<path d="M0.0 32.0 L120.0 0.0"' in draw("{% stat s %}", s=Stat("句子", "5", points=(1, 2)))


def test_the_frame_draws_what_has_an_address_only() -> None:
    nav = (NavItem("作业", "clipboard-list", "/works/", active=True, badge=2),)
    bare = render_to_string("ui/page.html", {"frame": Frame(FrameKind.STAFF, nav=nav)})
    assert 'href="/works/" aria-current="page"' in bare
    assert "palette" not in bare
    assert "退出登录" not in bare
    full = Frame(FrameKind.STAFF, nav=nav, person_name="林知夏", sign_out_url="/out/", elevated_until="09:30")
    drawn = render_to_string("ui/page.html", {"frame": full})
    assert 'method="post" action="/out/"' in drawn
    assert "09:30" in drawn


def test_the_sample_search_finds_by_name_and_number() -> None:
    answer = Client().get("/ui/components/search/", {"q": "0103"}).json()
    assert [hit["label"] for group in answer["groups"] for hit in group["hits"]] == ["陈思远"]


def test_the_sample_job_ends() -> None:
    assert "hx-get" in Client().get("/ui/components/progress/?done=1").content.decode()
    assert "hx-get" not in Client().get("/ui/components/progress/?done=7").content.decode()
    assert Client().get("/ui/components/progress/?done=x").status_code == 200
