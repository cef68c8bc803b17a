import { registry } from "@web/core/registry";
import { CarBoardPublic } from "./car_board";

registry.category("public_components").add("car_aftersales.board", CarBoardPublic);
