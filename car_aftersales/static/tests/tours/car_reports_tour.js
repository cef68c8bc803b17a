import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("car_clerk_overview_tour", {
    steps: () => [
        {
            content: "the late contacts of the clerk, in the list",
            trigger: ".o_data_row:contains(Overview Clerk) button[data-number=late_count]:contains(2)",
            run: "click",
        },
        {
            content: "are the two of them",
            trigger: ".o_breadcrumb:contains(Overview Clerk:)",
        },
        { trigger: ".o_list_view .o_data_row:nth-child(2)" },
        { trigger: ".o_list_view:not(:has(.o_data_row:nth-child(3)))" },
        {
            content: "back to the overview",
            trigger: ".o_back_button, .breadcrumb-item a",
            run: "click",
        },
        {
            content: "the same as cards",
            trigger: ".o_switch_view.o_kanban",
            run: "click",
        },
        {
            content: "the coming contact",
            trigger: ".o_kanban_record:contains(Overview Clerk) button[data-number=coming_count]:contains(1)",
            run: "click",
        },
        { trigger: ".o_breadcrumb:contains(Overview Clerk:)" },
        { trigger: ".o_list_view:not(:has(.o_data_row:nth-child(2))) .o_data_row" },
    ],
});
