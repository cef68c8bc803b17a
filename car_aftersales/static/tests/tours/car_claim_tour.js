import { registry } from "@web/core/registry";

const CONFIRM = [
    { content: "confirm", trigger: ".modal footer .btn-primary", run: "click" },
    { content: "the dialog is closed", trigger: "body:not(:has(.modal))" },
];
const isAt = (state) => ({
    content: `the claim is ${state}`,
    trigger: `.o_statusbar_status .o_arrow_button_current[data-value=${state}]`,
});
const attach = (content, text) => ({
    content,
    trigger: ".modal .o_field_widget[name=file_data]",
    run() {
        const files = new DataTransfer();
        files.items.add(new File([text], "answers.csv", { type: "text/csv" }));
        const input = document.querySelector(".modal input.o_input_file");
        input.files = files.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
    },
});
const TITLES = "Claim,Part,Paid,Remark,Our No.,Result\n";

// From work that is not claimed yet to the maker's answer by line.
registry.category("web_tour.tours").add("car_claim_tour", {
    steps: () => [
        {
            content: "what the maker owes",
            trigger: ".o_group_header",
            run: "click",
        },
        { content: "is told by line", trigger: ".o_data_row:eq(2)" },
        {
            content: "collect",
            trigger: "button[name=action_collect]",
            run: "click",
        },
        isAt("draft"),
        {
            content: "a click on what is missing",
            trigger: ".car_missing_list button[data-key=fault_code]",
            run: "click",
        },
        {
            content: "leads to where it is given",
            trigger: ".tab-pane.active .o_field_widget[name=fault_code] input",
            run: "edit P0A9B",
        },
        {
            content: "save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "nothing is missing any more",
            trigger: ".o_form_saved:not(:has(.car_missing_list button))",
        },
        { content: "send", trigger: "button[name=action_submit]", run: "click" },
        isAt("submitted"),
        {
            content: "its content is frozen",
            trigger:
                ".tab-pane.active:not(:has(.o_field_widget[name=cause] textarea)):not(:has(.o_field_widget[name=fault_code] input))",
        },
        {
            content: "enter the answer",
            trigger: "button[name=action_answer]",
            run: "click",
        },
        {
            content: "less labor",
            trigger: ".modal .o_data_row:eq(0) td[name=amount]",
            run: "click",
        },
        {
            content: "than was claimed",
            trigger: ".modal .o_data_row:eq(0) td[name=amount] input",
            run: "edit 250",
        },
        {
            content: "for this reason",
            trigger: ".modal .o_inner_group .o_field_widget[name=reason] input",
            run: "edit Own time",
        },
        ...CONFIRM,
        isAt("partly"),
        {
            content: "go to the lines",
            trigger: ".nav-link[name=lines]",
            run: "click",
        },
        {
            content: "what is refused stands there with its reason",
            trigger: ".tab-pane.active .o_data_row:eq(0):contains(Own time)",
        },
        { content: "nothing left to save", trigger: ".o_form_saved" },
    ],
});

// The maker paid short beyond his tolerance: the cashier writes it off.
registry.category("web_tour.tours").add("car_claim_short_tour", {
    steps: () => [
        isAt("partly"),
        {
            content: "a difference in payment",
            trigger: "button[name=action_shortfall]",
            run: "click",
        },
        {
            content: "so much is open",
            trigger: ".modal .o_field_widget[name=short_amount]:contains(20.00)",
        },
        {
            content: "write it off",
            trigger: ".modal .o_field_widget[name=decision] input[data-value=accept]",
            run: "click",
        },
        {
            content: "say why",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit Agreed by phone",
        },
        ...CONFIRM,
        isAt("settled"),
    ],
});

// What the maker owes is set off against what we owe him.
registry.category("web_tour.tours").add("car_claim_set_off_tour", {
    steps: () => [
        isAt("approved"),
        {
            content: "set it off",
            trigger: "button[name=action_set_off]",
            run: "click",
        },
        ...CONFIRM,
        isAt("settled"),
        {
            content: "nothing is left to set off",
            trigger: ".o_form_view:not(:has(button[name=action_set_off]))",
        },
    ],
});

// The maker's file: what is wrong is told and nothing done; then it is read.
registry.category("web_tour.tours").add("car_claim_import_tour", {
    steps: () => [
        {
            content: "open the menu",
            trigger: "[data-menu-xmlid='car_aftersales.car_aftersales_menu_warranty']",
            run: "click",
        },
        {
            content: "import answers",
            trigger: "[data-menu-xmlid='car_aftersales.car_warranty_claim_import_menu']",
            run: "click",
        },
        attach("a file with a mistake", `${TITLES},,abc,,TOUR-77,\n`),
        {
            content: "it is attached",
            trigger: ".modal .o_field_widget[name=file_data]:has(.o_select_file_button)",
        },
        {
            content: "import",
            trigger: ".modal button[name=action_import]",
            run: "click",
        },
        {
            content: "the mistake is told by its line",
            trigger: ".modal .alert-danger:contains(abc)",
        },
        attach("the file in order", `${TITLES},,0,Out of term,TOUR-77,\n`),
        {
            content: "import again",
            trigger: ".modal button[name=action_import]",
            run: "click",
        },
        isAt("rejected"),
        {
            content: "somebody has to decide",
            trigger: "button[name=action_accept_loss]",
        },
    ],
});

// The old part is stored; scrapping it too early is refused.
registry.category("web_tour.tours").add("car_old_part_tour", {
    steps: () => [
        {
            content: "choose the parts",
            trigger: ".o_list_view thead .o_list_record_selector input",
            run: "click",
        },
        {
            content: "store them",
            trigger: ".o_control_panel button[name=action_store]",
            run: "click",
        },
        {
            content: "they are in keeping",
            trigger: ".o_data_row:eq(1) td[name=state] .text-bg-warning",
        },
        {
            content: "choose them again",
            trigger: ".o_list_view thead .o_list_record_selector input:not(:checked)",
            run: "click",
        },
        {
            content: "scrap them",
            trigger: ".o_control_panel button[name=action_scrap]",
            run: "click",
        },
        {
            content: "it is too early",
            trigger: ".modal .modal-body:contains(WC/)",
        },
        ...CONFIRM,
        {
            content: "choose none",
            trigger: ".o_list_view thead .o_list_record_selector input:checked",
            run: "click",
        },
        { content: "none", trigger: ".o_list_view:not(:has(tbody input:checked))" },
        {
            content: "open one",
            trigger: ".o_data_row:eq(0) td[name=name]",
            run: "click",
        },
        {
            content: "it offers no scrapping",
            trigger: ".o_form_view:not(:has(button[name=action_scrap])) .alert-info",
        },
    ],
});

registry.category("web_tour.tours").add("car_old_part_leaves_tour", {
    steps: () => [
        {
            content: "scrap it",
            trigger: ".o_statusbar_buttons button[name=action_scrap]",
            run: "click",
        },
        isAt("scrapped"),
    ],
});
