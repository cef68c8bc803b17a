// Take the pictures of the README and of the module page, in Chinese and English, into
// car_aftersales/static/description/. Run by screenshots.sh, which gives BASE_URL,
// DATABASE, CHROMIUM, NODE_PATH and the ids of two orders.
import { createRequire } from "module";
import { fileURLToPath } from "url";

const require = createRequire(`${process.env.NODE_PATH}/`);
const { chromium } = require("playwright-core");

const { BASE_URL, DATABASE, CHROMIUM } = process.env;
const [inWorkshop, billed] = process.argv.slice(2);
const FOLDER = fileURLToPath(
    new URL("../car_aftersales/static/description/", import.meta.url)
);
const ORDERS = "/odoo/action-car_aftersales.car_repair_order_action";
// Six columns of the board, none cut; forms without the messages beside them.
const PICTURES = [
    { name: "board", login: "advisor", path: ORDERS, width: 1992 },
    { name: "order", login: "advisor", path: `${ORDERS}/${inWorkshop}`, tab: "lines" },
    { name: "payers", login: "cashier", path: `${ORDERS}_to_leave/${billed}`, tab: "payers" },
];
const ENDINGS = { zh_CN: "_zh_CN.png", en_US: ".png" };

const browser = await chromium.launch({ executablePath: CHROMIUM });
try {
    for (const language of Object.keys(ENDINGS)) {
        for (const picture of PICTURES) {
            const file = picture.name + ENDINGS[language];
            await take(picture, language, FOLDER + file);
            console.log(`   ${file}`);
        }
    }
} finally {
    await browser.close();
}

async function take({ login, path, tab, width = 1396 }, language, file) {
    const context = await browser.newContext({
        viewport: { width, height: 900 },
        locale: language.replace("_", "-"),
        timezoneId: "Asia/Shanghai",
    });
    const problems = [];
    await logIn(context, login, language);
    const page = await context.newPage();
    page.on("pageerror", (error) => problems.push(String(error)));
    await page.goto(BASE_URL + path);
    await page.waitForSelector(".o_kanban_record:not(.o_kanban_ghost), .o_form_sheet");
    if (tab) {
        await page.click(`.o_notebook .nav-link[name=${tab}]`);
        await page.waitForSelector(".o_notebook .tab-pane.active .o_data_row");
    }
    await settle(page);
    const height = await page.evaluate(findEnd);
    await page.setViewportSize({ width, height });
    await settle(page);
    if (await page.$(".o_error_dialog, .o_notification, .modal")) {
        problems.push("a dialog lies over the screen");
    }
    if (problems.length) {
        throw new Error(`${file}: ${problems.join("; ")}`);
    }
    await page.screenshot({ path: file });
    await context.close();
}

// A session keeps the language it began with, so it begins twice.
async function logIn(context, login, language) {
    const call = async (path, params) => {
        const answer = await context.request.post(BASE_URL + path, {
            data: { jsonrpc: "2.0", method: "call", params },
        });
        const { result, error } = await answer.json();
        if (error) {
            throw new Error(`${login}: ${error.data?.message || error.message}`);
        }
        return result;
    };
    const authenticate = () =>
        call("/web/session/authenticate", { db: DATABASE, login, password: login });
    const { uid } = await authenticate();
    await call("/web/dataset/call_kw/res.users/write", {
        model: "res.users",
        method: "write",
        args: [[uid], { lang: language }],
        kwargs: {},
    });
    await authenticate();
}

// The screen has settled when it does not change any more.
async function settle(page) {
    let before;
    for (let i = 0; i < 60; i++) {
        await page.waitForTimeout(500);
        const now = await page.screenshot();
        if (before && now.equals(before)) {
            return;
        }
        before = now;
    }
    throw new Error(`${page.url()} does not settle`);
}

// Runs in the browser: where the last card or the notebook ends.
function findEnd() {
    const ends = [...document.querySelectorAll(".o_kanban_record, .o_notebook")].map(
        (element) => element.getBoundingClientRect().bottom
    );
    const scroller = document.querySelector(".o_form_view_container, .o_content");
    return Math.ceil(Math.max(...ends) + (scroller?.scrollTop || 0) + 24);
}
