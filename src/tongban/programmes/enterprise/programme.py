"""企业服务平台（平服365）: a firm's problem, taken once, solved and rated."""

from __future__ import annotations

from tongban.core.labels import Label
from tongban.engines.cases.declare import CaseType, Category, Fact, FactKind
from tongban.engines.cases.request import REQUEST
from tongban.engines.programme.declare import Panel, Programme
from tongban.programmes.enterprise.panels import matters_of_firm

PROGRAMME = Programme(
    code="enterprise",
    name=Label("企业诉求", "Firms' requests"),
    summary=Label("贷款、用工、道路、政策……企业的难处说一次就行。", "A loan, workers, a road, a policy: say it once."),
    roles={
        "agent": Label("受理岗", "Desk agent"),
        "handler": Label("经办", "Handler"),
        "reviewer": Label("审核", "Reviewer"),
        "supervisor": Label("督办", "Supervisor"),
        "secretary": Label("会议秘书", "Meetings' secretary"),
    },
    icon="work",
    panels=(Panel("firm", matters_of_firm),),
    cases=(
        CaseType(
            code="request",
            label=Label("企业诉求", "Firm's request"),
            lifecycle=REQUEST,
            desk="desk-enterprise",
            askers=frozenset({"firm"}),
            categories=(
                Category("finance", Label("贷款融资", "Loans and finance"), limit="joint", unit="b-finance"),
                Category("labour", Label("招工用工", "Workers and hiring"), unit="b-labour"),
                Category("land", Label("用地厂房", "Land and premises"), limit="joint", unit="b-land"),
                Category("permit", Label("审批办证", "Permits and licences"), unit="b-market"),
                Category("tax", Label("税费", "Taxes and fees"), limit="consult", unit="b-tax"),
                Category("policy", Label("政策兑现", "Policies and subsidies"), unit="b-industry"),
                Category("utility", Label("水电气网", "Water, power, gas, network"), unit="b-power"),
                Category("traffic", Label("道路交通", "Roads and transport"), unit="b-traffic"),
                Category(
                    "environment", Label("环保安全", "Environment and safety"), limit="joint", unit="b-environment"
                ),
                Category("other", Label("其他", "Something else")),
            ),
            facts=(
                Fact(
                    "staff",
                    Label("涉及人数", "People concerned"),
                    FactKind.NUMBER,
                    hint=Label("大约多少员工受影响，可不填。", "Roughly how many workers it touches; may stay empty."),
                    unit=Label("人", "people"),
                    people=True,
                ),
                Fact(
                    "amount",
                    Label("涉及金额", "Money concerned"),
                    FactKind.MONEY,
                    hint=Label("单位：元，可不填。", "In yuan; may stay empty."),
                    unit=Label("元", "yuan"),
                ),
            ),
        ),
    ),
)
