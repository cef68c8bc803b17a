import { Component, onMounted, onPatched, onWillUnmount, useRef, useState } from "@odoo/owl";
import { rpc } from "@web/core/network/rpc";
import { useBus, useService } from "@web/core/utils/hooks";

// Without a word from the server the board asks by itself: lateness grows with the clock.
const REFRESH_SECONDS = 30;
const REFRESH_SECONDS_ALONE = 3;
const PAGE_SECONDS = 10;
const NOTICE_DELAY = 300;

/**
 * Cars of a site for a screen on a wall: columns of cards, turned over when they do not
 * fit. The server says that something changed; the board then asks what it may show.
 */
export class CarBoard extends Component {
    static template = "car_aftersales.CarBoard";
    static props = { content: Object, load: Function };

    setup() {
        this.root = useRef("root");
        this.state = useState({
            content: this.props.content,
            page: 0,
            perPage: {},
            isOffline: false,
            isGone: false,
        });
        this.bus = useService("bus_service");
        this.isConnected = false;
        this.lastRefresh = Date.now();
        this.lastPage = Date.now();
        this.onNotice = this.onNotice.bind(this);
        this.channel = this.props.content.channel;
        this.bus.addChannel(this.channel);
        this.bus.subscribe("car_board_changed", this.onNotice);
        for (const name of ["BUS:CONNECT", "BUS:RECONNECT"]) {
            useBus(this.bus, name, () => {
                this.isConnected = true;
                this.refresh();
            });
        }
        useBus(this.bus, "BUS:DISCONNECT", () => (this.isConnected = false));
        this.onResize = () => this.measure();
        onMounted(() => {
            this.measure();
            this.timer = setInterval(() => this.tick(), 1000);
            window.addEventListener("resize", this.onResize);
        });
        onPatched(() => this.measure());
        onWillUnmount(() => {
            clearInterval(this.timer);
            clearTimeout(this.notice);
            window.removeEventListener("resize", this.onResize);
            this.bus.unsubscribe("car_board_changed", this.onNotice);
            this.bus.deleteChannel(this.channel);
        });
    }

    get content() {
        return this.state.content;
    }

    /** Columns with the cards that are turned up now. */
    get columns() {
        return this.content.columns.map((column) => {
            const perPage = this.state.perPage[column.key] || 1;
            const pages = Math.max(1, Math.ceil(column.cards.length / perPage));
            const page = this.state.page % pages;
            const first = page * perPage;
            return {
                ...column,
                shown: column.cards.slice(first, first + perPage),
                pages: pages > 1 ? `${page + 1}/${pages}` : "",
            };
        });
    }

    onNotice() {
        this.isConnected = true;
        // Several changes at once are asked for once.
        this.notice ||= setTimeout(() => {
            this.notice = undefined;
            this.refresh();
        }, NOTICE_DELAY);
    }

    tick() {
        const now = Date.now();
        const wait = this.isConnected ? REFRESH_SECONDS : REFRESH_SECONDS_ALONE;
        if (now - this.lastRefresh >= wait * 1000) {
            this.refresh();
        }
        if (now - this.lastPage >= PAGE_SECONDS * 1000) {
            this.lastPage = now;
            this.state.page++;
        }
    }

    async refresh() {
        if (this.state.isGone) {
            return;
        }
        this.lastRefresh = Date.now();
        const turn = (this.turn = (this.turn || 0) + 1);
        try {
            const content = await this.props.load();
            if (turn === this.turn) {
                Object.assign(this.state, { content, isOffline: false });
            }
        } catch (error) {
            // An address that was renewed shows nothing more; else the network is away.
            const isGone = /NotFound|AccessError/.test(error.exceptionName || error.data?.name);
            Object.assign(this.state, { isOffline: true, isGone });
        }
    }

    /** Count for each column the cards that fit, below and beside each other. */
    measure() {
        const card = this.root.el?.querySelector(".o_car_board_card");
        if (!card) {
            return;
        }
        for (const cards of this.root.el.querySelectorAll(".o_car_board_cards")) {
            const rows = Math.floor(cards.clientHeight / card.offsetHeight);
            const template = getComputedStyle(cards).gridTemplateColumns;
            const beside = template === "none" ? 1 : template.split(" ").length;
            const perPage = Math.max(1, rows * beside);
            const key = cards.parentElement.dataset.key;
            if (this.state.perPage[key] !== perPage) {
                this.state.perPage[key] = perPage;
            }
        }
    }
}

/** The board on a television without login. */
export class CarBoardPublic extends Component {
    static template = "car_aftersales.CarBoardPublic";
    static components = { CarBoard };
    static props = { content: Object, token: String };

    async load() {
        return rpc(`/car/board/${this.props.token}/content`, {}, { silent: true });
    }
}
