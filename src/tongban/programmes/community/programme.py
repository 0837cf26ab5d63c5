"""居民诉求（平治110）: what residents ask of their village, town and county."""

from __future__ import annotations

from tongban.core.labels import Label
from tongban.engines.cases.declare import CaseType, Category
from tongban.engines.cases.request import REQUEST
from tongban.engines.programme.declare import Programme

PROGRAMME = Programme(
    code="community",
    name=Label("民生诉求", "Residents' requests"),
    summary=Label(
        "路灯、积水、噪音、社保……身边的事，说给通办听。", "Street lamps, flooding, noise, insurance: tell the desk."
    ),
    roles={
        "agent": Label("受理岗", "Desk agent"),
        "handler": Label("经办", "Handler"),
        "reviewer": Label("审核", "Reviewer"),
        "supervisor": Label("督办", "Supervisor"),
        "secretary": Label("会议秘书", "Meetings' secretary"),
    },
    icon="people",
    cases=(
        CaseType(
            code="request",
            label=Label("民生诉求", "Resident's request"),
            lifecycle=REQUEST,
            desk="desk-community",
            askers=frozenset({"resident"}),
            categories=(
                Category("city", Label("市容路灯", "Streets and lamps"), unit="b-enforcement"),
                Category("housing", Label("物业住房", "Housing and property"), limit="joint", unit="b-housing"),
                Category("traffic", Label("交通出行", "Traffic and travel"), unit="b-traffic"),
                Category("environment", Label("环境噪音", "Environment and noise"), unit="b-environment"),
                Category("school", Label("入学教育", "Schools"), unit="b-education"),
                Category("health", Label("看病医保", "Health and insurance"), unit="b-insurance"),
                Category("social", Label("社保就业", "Social insurance and jobs"), limit="consult", unit="b-labour"),
                Category("village", Label("农村农业", "Village and farming"), unit="b-farming"),
                Category("complaint", Label("投诉单位", "Complaint about a unit"), limit="joint"),
                Category("other", Label("其他", "Something else")),
            ),
        ),
    ),
)
