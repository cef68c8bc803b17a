import { registry } from "@web/core/registry";

const NO_PRICE = {
    content: "no price, no phone",
    trigger: ".o_form_view",
    run: () => {
        for (const text of ["420", "138 0013 8000"]) {
            if (document.body.innerText.includes(text)) {
                throw new Error(`The technician sees ${text}`);
            }
        }
        if (document.querySelector("[name=price_unit], [name=amount_total]")) {
            throw new Error("The technician sees a column of prices");
        }
    },
};

registry.category("web_tour.tours").add("car_repair_job_tour", {
    steps: () => [
        {
            content: "open the job",
            trigger: ".o_kanban_record:contains(Squeals when braking) :contains(Squeals)",
            run: "click",
        },
        NO_PRICE,
        {
            content: "go to its lines",
            trigger: ".nav-link[name=lines_read]",
            run: "click",
        },
        { content: "its lines", trigger: ".o_field_widget[name=line_ids] .o_data_row" },
        NO_PRICE,
        { content: "go to the work", trigger: ".nav-link[name=work]", run: "click" },
        { content: "start", trigger: ".btn-primary[name=action_start]", run: "click" },
        {
            content: "say what was wrong",
            trigger: ".o_field_widget[name=cause] textarea",
            run: "edit Pads worn down",
        },
        {
            content: "say what was done",
            trigger: ".o_field_widget[name=correction] textarea",
            run: "edit Pads replaced",
        },
        { content: "finish", trigger: ".btn-primary[name=action_finish]", run: "click" },
        {
            content: "done",
            trigger: ".o_arrow_button_current[data-value=done]",
        },
        NO_PRICE,
        { content: "nothing left to save", trigger: ".o_form_saved" },
    ],
});
