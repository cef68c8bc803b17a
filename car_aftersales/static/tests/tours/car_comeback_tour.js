import { registry } from "@web/core/registry";

const click = (content, trigger) => ({ content, trigger, run: "click" });

// By the names of things, not their texts: the tours run in whatever language the
// database has.
registry.category("web_tour.tours").add("car_comeback_desk_tour", {
    steps: () => [
        {
            content: "type the plate",
            trigger: ".o_car_reception_search",
            run: "edit 京A12345",
        },
        click("the car is found", ".o_car_reception_hit:contains(京A12345)"),
        {
            content: "what was repaired is still guaranteed",
            trigger: ".o_car_reception_card[data-key=guarantee] .list-group-item:contains(Engine knocks)",
        },
        {
            content: "what the customer says",
            trigger: "#car_reception_complaint",
            run: "edit Knocks again",
        },
        click(
            "it is a comeback",
            ".o_car_reception_card[data-key=guarantee] .card-footer button:contains(Engine knocks)"
        ),
        {
            content: "the order has the job",
            trigger: ".o_field_widget[name=job_ids] .o_data_row:contains(Knocks again)",
        },
        {
            content: "and one comeback; nothing is left to ask",
            trigger:
                ".o_form_view:has(button[name=action_open_comebacks]):not(:has(div[name=comeback]))",
        },
        { content: "nothing left to save", trigger: ".o_form_saved" },
    ],
});

registry.category("web_tour.tours").add("car_comeback_link_tour", {
    steps: () => [
        {
            content: "the order names the earlier visit",
            trigger: "div[name=comeback]:contains(Engine knocks)",
        },
        click("it is a comeback", "div[name=comeback] button[name=action_link_comeback]"),
        {
            content: "of the job that is proposed",
            trigger:
                ".modal .o_field_widget[name=of_job_id] input:value(Engine knocks)",
        },
        click("link it", ".modal .o_form_button_save"),
        {
            content: "nothing is left to ask on the order",
            trigger:
                "body:not(:has(.modal)) .o_form_view:not(:has(div[name=comeback]))",
        },
    ],
});

registry.category("web_tour.tours").add("car_comeback_decide_tour", {
    steps: () => [
        {
            content: "the list shows what is to be decided",
            trigger: ".o_data_row:contains(Knocks again):contains(Chassis)",
        },
        click("as cards", ".o_switch_view.o_kanban"),
        {
            content: "in the column of what is to be decided",
            trigger: ".o_kanban_group .o_kanban_record:contains(Knocks again)",
        },
        click("open it", ".o_kanban_record:contains(Knocks again)"),
        click("not our fault", "button[name=action_refute]"),
        click("sure", ".modal footer .btn-primary"),
        {
            content: "refused: nothing shows it",
            trigger: ".modal:has(.modal-body:contains(Knocks again))",
        },
        click("understood", ".modal footer .btn-primary"),
        {
            content: "say what shows it",
            trigger: ".o_field_widget[name=evidence] textarea",
            run: "edit Cut by a stone",
        },
        click("not our fault", "button[name=action_refute]"),
        click("sure", ".modal footer .btn-primary"),
        {
            content: "refused: a photo, paper or finding is missing",
            trigger: ".modal:has(.modal-body:contains(Knocks again))",
        },
        click("understood", ".modal footer .btn-primary"),
        {
            content: "still to decide",
            trigger: ".o_form_view:has(.o_arrow_button_current[data-value=checking])",
        },
        { content: "nothing left to save", trigger: ".o_form_saved" },
    ],
});

registry.category("web_tour.tours").add("car_comeback_refute_tour", {
    steps: () => [
        {
            content: "words and photo are there",
            trigger: ".o_field_widget[name=attachment_ids]:contains(stone.jpg)",
        },
        click("not our fault", "button[name=action_refute]"),
        click("sure", ".modal footer .btn-primary"),
        {
            content: "decided",
            trigger: ".o_arrow_button_current[data-value=not_ours]",
        },
    ],
});
