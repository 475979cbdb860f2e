"""The form as it is typed: readings, faults, what is known already, the orders it would make."""

from typing import Any

from tests.domains.intake.conftest import TAIJIANG, Desk, form, officer, transfer


def check(desk: Desk, **changes: Any) -> Any:
    """Ask what the form says so far."""
    return desk.post("/api/reports/check", form(**changes))


def hints(checked: Any, path: str) -> list[str]:
    """The hints under a field."""
    return [one["message"]["zh"] for one in checked["hints"] if one["path"] == path]


def test_readings_stand_under_their_fields(desk: Desk) -> None:
    checked = check(desk)

    assert hints(checked, "transfers.0.amount") == ["49,800.00 元"]
    assert hints(checked, "transfers.0.time") == ["2026-03-02 11:30:00"]
    assert hints(checked, "victim.id_number") == ["男，126岁"]
    assert hints(checked, "transfers.0.account") == ["卡号段：演示工商银行"]
    assert checked["faults"] == []


def test_a_mistyped_card_is_doubted_not_refused(desk: Desk) -> None:
    checked = check(desk, transfers=[transfer(account="6299990012345678904")])

    assert "卡号校验位不符，请核对有无输错" in hints(checked, "transfers.0.account")
    assert checked["faults"] == []


def test_a_form_half_typed_is_no_error(desk: Desk) -> None:
    checked = check(
        desk,
        transfers=[transfer(amount="", time="", name="", account="62999"), transfer(account="6")],
        story="",
    )

    assert [one["path"] for one in checked["faults"]] == ["transfers.1.account"]
    assert {one["code"] for one in checked["missing"]} >= {"story"}


def test_the_orders_it_would_make_say_which_of_the_four_items_lack(desk: Desk) -> None:
    # 户名、账号、汇款金额、交易时间 must match at the bank (银发〔2016〕86号).
    (stop,) = check(desk, transfers=[transfer(name="", amount="")])["stops"]

    assert {"account_name", "amount"} <= set(stop["missing"])
    assert "transaction_time" not in stop["missing"]
    assert stop["amount_fen"] is None


def test_cash_makes_no_order(desk: Desk) -> None:
    assert check(desk, transfers=[transfer(method="cash", account="")])["stops"] == []


def test_the_same_account_in_another_report_is_told_while_typing(desk: Desk) -> None:
    first = desk.take()["report"]

    (hit,) = [
        one for one in check(desk, victim={"name": "演示丙"}, reporter={})["hits"] if one["same"] == "account"
    ]

    assert (hit["number"], hit["path"], hit["duplicate"]) == (first["number"], "transfers.0.account", False)


def test_the_same_victim_and_payee_within_a_week_is_a_duplicate(desk: Desk) -> None:
    first = desk.take()["report"]

    hits = check(desk)["hits"]

    assert {one["same"] for one in hits} == {"person", "account", "phone"}
    assert all(one["duplicate"] and one["number"] == first["number"] for one in hits)


def test_a_report_is_no_hit_of_itself(desk: Desk) -> None:
    found = desk.take()["report"]
    assert check(desk, report_id=found["id"])["hits"] == []
    assert found["hits"] == []


def test_what_another_unit_took_is_not_told(desk: Desk) -> None:
    desk.take()
    desk.actor = officer(TAIJIANG)
    assert check(desk)["hits"] == []


def test_urgency_says_why(desk: Desk) -> None:
    checked = check(desk, screen_shared=True, transfers=[transfer(time="今天上午11点45分")])

    assert checked["urgency"]["urgent"]
    assert [one["zh"] for one in checked["urgency"]["reasons"]] == [
        "正在共享屏幕或被远程控制",
        "30分钟内刚转出",
    ]


def test_a_pasted_narrative_fills_cells(desk: Desk) -> None:
    text = "今天上午11点35分转账49800元到演示工商银行6299990012345678907,户名演示乙,对方电话19912345678"

    found = desk.post("/api/reports/extract", {"text": text})

    assert found["transfers"] == [
        {
            "institution": "演示工商银行",
            "account": "6299990012345678907",
            "name": "演示乙",
            "amount": "49,800.00",
            "time": "2026-03-02 11:35:00",
        }
    ]
    assert {"kind": "phone", "value": "19912345678"}.items() <= next(
        one for one in found["found"] if one["kind"] == "phone"
    ).items()
