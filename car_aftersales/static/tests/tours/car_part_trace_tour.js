import { registry } from "@web/core/registry";

const click = (content, trigger) => ({ content, trigger, run: "click" });
const see = (content, trigger) => ({ content, trigger });

// The parts clerk finds the cars of a bad lot and has them called in.
registry.category("web_tour.tours").add("car_part_trace_tour", {
    steps: () => [
        {
            content: "search the lot",
            trigger: ".o_searchview_input",
            run: "edit TOURLOT",
        },
        see("offered in the lots", ".o_searchview_autocomplete"),
        {
            content: "take the first",
            trigger: ".o_searchview_input",
            run: "press Enter",
        },
        see("searched", ".o_searchview_facet:contains(TOURLOT)"),
        see("two cars have it", ".o_data_row:contains(沪T00081)"),
        see("the other", ".o_data_row:contains(沪T00082)"),
        see("and no third", ".o_list_view:not(:contains(沪T00083))"),
        click("all of them", "thead .o_list_record_selector input"),
        click("call them in", "button[name=action_list_to_contact]"),
        see("a draft of a campaign", ".o_arrow_button_current[data-value=draft]"),
        see("with both cars", "button[name=action_view_vehicles]:contains(2)"),
        see("and the lot", ".o_field_widget[name=description]:contains(TOURLOT)"),
    ],
});

// The warranty clerk completes the draft and lets it run.
registry.category("web_tour.tours").add("car_part_trace_clerk_tour", {
    steps: () => [
        click("the draft", ".o_data_row:contains(Tour sensor) .o_data_cell[name=name]"),
        see("which parts", ".o_field_widget[name=description] textarea:value(TOURLOT)"),
        {
            content: "what may happen",
            trigger: ".o_field_widget[name=risk] textarea",
            run: "edit The sensor may fail",
        },
        click("let it run", "button[name=action_open].btn-primary"),
        see("it runs", ".o_arrow_button_current[data-value=open]"),
        click("its cars", "button[name=action_view_vehicles]"),
        see("to contact", ".o_data_row:contains(沪T00081)"),
    ],
});
