import { registry } from "@web/core/registry";

const click = (content, trigger) => ({ content, trigger, run: "click" });
const see = (content, trigger) => ({ content, trigger });
const type = (name, text, inside = "") => ({
    content: `type ${text}`,
    trigger: `${inside} .o_field_widget[name=${name}] textarea, ${inside} .o_field_widget[name=${name}] input`,
    run: `edit ${text}`,
});
const CALL = (name) => [
    click(`call ${name}`, `.o_data_row:contains(${name}) button[name=action_call]`),
    see("the talk", ".o_form_view .o_field_widget[name=topic_ids]"),
];
const HELD = see("the talk is over", ".o_arrow_button_current[data-value=done]");
const QUEUE = [
    click("the follow-up", "[data-menu-xmlid='car_aftersales.car_aftersales_menu_follow_up']"),
    click(
        "the queue",
        ".o-dropdown--menu [data-menu-xmlid='car_aftersales.car_contact_task_menu']"
    ),
    see("the queue is there", ".o_list_view .o_data_row, .o_view_nocontent"),
];

registry.category("web_tour.tours").add("car_contact_tour", {
    url: "/odoo/action-car_aftersales.car_contact_task_action",
    steps: () => [
        see("two are due", ".o_data_row:contains(Queue Customer)"),
        ...CALL("Queue Customer"),
        see("all that is due is in one talk", ".o_field_widget[name=task_ids] .o_tag:eq(1)"),
        click("reached without a word", "button[name=action_reached]"),
        click("refused in plain words", ".modal .modal-footer .btn-primary"),
        see("the dialog is closed", "body:not(:has(.modal))"),
        click("the first topic", ".o_field_widget[name=topic_ids] .form-check:first input"),
        type("summary", "The car runs well"),
        click("a point", ".o_field_widget[name=point_ids] .o_field_x2many_list_row_add a"),
        type("text", "Where is my second key?", ".modal"),
        click("keep it", ".modal .o_form_button_save"),
        see("the point is there", ".o_field_widget[name=point_ids] .o_data_row:contains(second key)"),
        click("reached", "button[name=action_reached]"),
        HELD,
        ...QUEUE,
        see("he is done", "body:not(:has(.o_data_row:contains(Queue Customer)))"),
        ...CALL("Second Customer"),
        click("nobody answers", "button[name=action_no_answer]"),
        HELD,
        ...QUEUE,
        see("nobody else today", ".o_view_nocontent"),
    ],
});
