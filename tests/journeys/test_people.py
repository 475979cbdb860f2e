"""Administration: two editors of one unit, a new user's first day, a second factor, the table of roles."""

import re

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESK, PASSWORD, PHONE, People, choose, choose_unit
from tests.journeys.test_look import complaints

WITHOUT = (
    "update users set police_number = null, police_number_blind = null, work_phone = null, work_phone_blind = null"
    " where login = %s"
)


def open_unit(page: Page, name: str) -> None:
    page.get_by_role("row").filter(has_text=name).first.click()
    expect(page.get_by_role("dialog").get_by_label("名称", exact=True)).to_have_value(name)


def test_the_second_editor_is_told_and_chooses(people: People) -> None:
    name = "鼓楼分局安泰派出所"
    path = f"/people/units?q={name}"
    first, second = people("admin", path), people("admin", path)
    people.watch(second).expect(409, "PATCH .*/api/units/")
    open_unit(first, name)
    open_unit(second, name)
    first.get_by_role("dialog").get_by_label("简称").fill("安泰所")
    first.get_by_role("dialog").get_by_role("button", name="保存").click()
    expect(first.get_by_text("已保存")).to_be_visible()
    second.get_by_role("dialog").get_by_label("简称").fill("安泰派出所")
    second.get_by_role("dialog").get_by_role("button", name="保存").click()
    choice = second.get_by_role("dialog", name="这条记录刚被他人修改过")
    difference = choice.get_by_role("row").filter(has_text="简称")
    expect(difference).to_contain_text("安泰所")
    expect(difference).to_contain_text("安泰派出所")
    difference.get_by_role("radio").nth(1).check()
    choice.get_by_role("button", name="按选择保存").click()
    expect(second.get_by_text("已保存")).to_be_visible()
    expect(first.get_by_role("row").filter(has_text=name)).to_contain_text("安泰派出所 ")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_why_a_unit_cannot_be_closed_is_said_and_covers_nothing(people: People, language: str) -> None:
    page = people("admin", "/people/units?q=福州市公安局鼓楼分局", size=PHONE, language=language)
    people.watch(page).expect(409, "PATCH .*/api/units/")
    card = page.locator("main .cards li").filter(has_text="cn.fj.fz.gulou.").first
    card.get_by_role("button").first.click()
    drawer = page.get_by_role("dialog")
    in_use = drawer.get_by_text("停用后" if language != "en" else "otherwise it can")
    in_use.click()
    save = drawer.get_by_role("button", name="保存" if language != "en" else "Save")
    save.click()
    said = drawer.locator(".el-form-item__error")
    expect(said).to_contain_text("鼓楼分局安泰派出所" if language != "en" else "Antai Police Station, Gulou")
    above, button = said.bounding_box(), save.bounding_box()
    assert above and button and above["y"] + above["height"] <= button["y"]
    in_use.click()
    save.click()
    expect(drawer).to_be_hidden()


def test_a_new_user_gets_a_password_that_must_be_changed(people: People) -> None:
    page = people("admin", "/people/users")
    page.get_by_role("button", name="新建用户").click()
    form = page.get_by_role("dialog", name="新建用户")
    form.get_by_label("账号").fill("journey1")
    form.get_by_label("姓名").fill("演示·新四十一")
    choose_unit(page, form.get_by_label("单位", exact=True), "福州市反诈骗中心")
    choose(page, form.get_by_label("角色"), "接警席")
    page.keyboard.press("Tab")
    form.get_by_role("button", name="创建并生成临时密码").click()
    once = page.get_by_role("status").filter(has_text="临时密码")
    expect(once).to_contain_text("journey1")
    temporary = once.locator("code").inner_text()

    newcomer = people.visitor()
    newcomer.goto("/login")
    newcomer.get_by_label("账号", exact=True).fill("journey1")
    newcomer.get_by_label("密码", exact=True).fill(temporary)
    newcomer.keyboard.press("Enter")
    expect(newcomer.get_by_role("heading", name="请先更换密码")).to_be_visible()
    newcomer.get_by_label("当前密码").fill(temporary)
    newcomer.get_by_label("新密码", exact=True).fill("榕树下的四十一盏灯笼")
    newcomer.get_by_label("再输一次新密码").fill("榕树下的四十一盏灯笼")
    newcomer.get_by_role("button", name="更换密码").click()
    people.watch(newcomer).expect(422, "POST .*/auth/password")
    alert = newcomer.get_by_text(re.compile("密码至少 12 个字符"))
    expect(alert.first).to_be_visible()
    newcomer.get_by_label("新密码", exact=True).fill("东街口的四十一盏红灯笼亮了")
    newcomer.get_by_label("再输一次新密码").fill("东街口的四十一盏红灯笼亮了")
    newcomer.get_by_role("button", name="更换密码").click()
    expect(newcomer.get_by_role("heading", name="值班台")).to_be_visible()


def test_a_second_factor_is_enrolled_and_asked_for(people: People) -> None:
    page = people("handler5", "/account")
    page.get_by_role("button", name="启用验证器").click()
    expect(page.get_by_role("img", name="验证器二维码")).to_be_visible()
    secret = page.locator("p", has_text="密钥").locator("code").inner_text().replace(" ", "")
    code = pyotp.TOTP(secret)
    page.get_by_label("验证码").fill(code.now())
    page.get_by_role("button", name="确认启用").click()
    recovery = page.get_by_role("status").filter(has_text="备用码")
    spare = recovery.locator("code").first.inner_text()

    again = people.visitor()
    people.watch(again).expect(401, "POST .*/auth/second-factor")
    again.goto("/login")
    again.get_by_label("账号", exact=True).fill("handler5")
    again.get_by_label("密码", exact=True).fill(PASSWORD)
    again.keyboard.press("Enter")
    expect(again.get_by_role("heading", name="第二重验证")).to_be_visible()
    again.get_by_label("验证码").fill("000000")
    again.get_by_role("button", name="验证", exact=True).click()
    expect(again.get_by_role("alert")).to_contain_text("验证码不正确")
    again.get_by_label("验证码").fill(spare)
    again.get_by_role("button", name="验证", exact=True).click()
    expect(again.get_by_role("heading", name="值班台")).to_be_visible()


def test_the_table_of_roles_says_who_may_do_what(people: People) -> None:
    page = people("auditor", "/people/roles")
    table = page.get_by_role("region", name="角色与权限")
    expect(table.get_by_text("核验审计记录")).to_be_visible()
    heads = [one.strip() for one in table.get_by_role("columnheader").all_inner_texts()]
    row = table.get_by_role("row").filter(has_text="核验审计记录")
    cells = row.get_by_role("cell")
    at = heads.index("审计员") - 1
    expect(cells.nth(at).get_by_role("img", name="是", exact=True)).to_be_visible()
    expect(cells.nth(heads.index("系统管理员") - 1).get_by_role("img", name="否")).to_be_visible()
    expect(row.get_by_role("img", name="是", exact=True)).to_have_count(1)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize(
    ("language", "missing", "enter", "field", "save", "left"),
    [
        ("zh-CN", "未登记警号、办公电话", "登记办公电话", "办公电话（固定", "保存", "未登记警号："),
        (
            "en",
            "Not entered: Police number, Work phone",
            "Enter work phone",
            "Work phone (land",
            "Save",
            "Police number.",
        ),
    ],
    ids=["zh", "en"],
)
def test_an_officer_is_told_what_instructions_go_without_and_enters_the_work_phone(
    people: People,
    language: str,
    size: dict[str, int],
    missing: str,
    enter: str,
    field: str,
    save: str,
    left: str,
) -> None:
    people.centre.execute(WITHOUT, "stop2")
    page = people("stop2", "/account", language=language, size=size)
    note = page.get_by_role("main").get_by_role("note").last
    expect(note).to_contain_text(missing)
    page.get_by_role("button", name=enter).click()
    page.get_by_label(field).fill("0591-99991099")
    page.get_by_role("button", name=save, exact=True).click()
    expect(page.get_by_text("0591****1099")).to_be_visible()
    expect(note).to_contain_text(left)
    assert complaints(page) == []


def test_the_administrator_enters_a_police_number_and_it_is_seen_masked(people: People) -> None:
    people.centre.execute(WITHOUT, "stop2")
    page = people("admin", "/people/users?q=stop2")
    page.get_by_role("row").filter(has_text="stop2").first.click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_role("note")).to_contain_text("未登记警号、办公电话")
    drawer.get_by_label("更换警号").fill("991006")
    drawer.get_by_label("更换办公电话").fill("0591-99991006")
    drawer.get_by_role("button", name="保存").click()
    expect(drawer.get_by_text("****06")).to_be_visible()
    expect(drawer.get_by_text("0591****1006")).to_be_visible()
    expect(drawer.get_by_role("note")).to_have_count(0)
    assert complaints(page) == []


def test_ones_numbers_that_could_not_be_read_are_asked_for_again(people: People) -> None:
    page = people("stop2", "/")
    people.watch(page).expect(503, "GET .*/api/auth/numbers")
    page.route("**/api/auth/numbers", lambda route: route.fulfill(status=503, body=""))
    page.goto("/account")
    again = page.get_by_role("button", name="重试")
    expect(again).to_be_visible()
    page.unroute("**/api/auth/numbers")
    again.click()
    expect(page.get_by_role("button", name="登记办公电话")).to_be_visible()
    expect(again).to_have_count(0)
