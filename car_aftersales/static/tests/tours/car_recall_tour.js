import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("car_recall_tour", {
    steps: () => [
        {
            content: "type the plate",
            trigger: ".o_car_reception_search",
            run: "edit 沪T00077",
        },
        {
            content: "the car is found while typing",
            trigger: ".o_car_reception_hit:contains(沪T00077)",
            run: "click",
        },
        {
            content: "its recall is the first card",
            trigger: ".o_car_reception_card[data-key=recalls]:contains(TOUR-1 Fuel pump)",
        },
        {
            content: "receive it with the work",
            trigger: ".o_car_reception_card[data-key=recalls] .card-footer button",
            run: "click",
        },
        {
            content: "the order has the job",
            trigger: ".o_field_widget[name=job_ids] .o_data_row:contains(TOUR-1 Fuel pump)",
        },
        {
            content: "and says so",
            trigger: "div[name=recalls_planned]:contains(TOUR-1 Fuel pump)",
        },
        { content: "nothing left to save", trigger: ".o_form_saved" },
    ],
});
