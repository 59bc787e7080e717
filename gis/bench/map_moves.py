"""What a person does on the open map, measured inside its frame."""

from playwright.sync_api import Frame, Page

USABLE = """() => window.map && map.bench && document.fonts.status === 'loaded'
    && map.wanmi.visible().length > 0 && !map.wanmi.isBusy()
    && map.wanmi.visible().some((layer) => layer.stats.features > 0)"""
"""Every tile in view is there and painted; labels are placed with the last of them."""
FEATURES = """() => map.wanmi.visible().reduce((sum, layer) => sum
    + layer.currentTiles().reduce((all, record) => all
        + [...record.tile.values()].reduce((n, part) => n + part.length, 0), 0), 0)"""
"""Features in the tiles of the current zoom; one that lies on an edge is in both tiles."""
_SETTLED = """const settled = () => new Promise((done) => {
    const look = () => (map.wanmi.isBusy() ? requestAnimationFrame(look)
        : requestAnimationFrame(() => requestAnimationFrame(done)));
    requestAnimationFrame(look); });"""
_RESTYLE = (
    "async (number) => {"
    + _SETTLED
    + """
    const layers = map.wanmi.visible();
    const layer = layers.reduce((a, b) => (b.stats.features > a.stats.features ? b : a));
    const asked = () => layers.reduce((sum, one) => sum + one.stats.requests, 0);
    const before = asked(), began = performance.now();
    const tint = `hsl(${40 * number + 20}, 60%, 45%)`;
    layer.setRules(layer.options.rules.map((rule) => ({ ...rule, color: tint })));
    await settled();
    return [performance.now() - began, asked() - before]; }"""
)
_PAN = (
    "async (number) => {"
    + _SETTLED
    + """
    const size = map.getSize(), began = performance.now();
    const way = [[1, 0], [0, 1], [-1, 0], [0, -1]][number % 4];
    map.panBy([way[0] * size.x / 3, way[1] * size.y / 3], { animate: false });
    await settled();
    return performance.now() - began; }"""
)
_WATCH = """() => {
    const seen = document.querySelector('.wb-feature-title');
    window.benchClick = null;
    window.addEventListener('pointerdown', () => {
        const began = performance.now();
        const look = () => {
            const title = document.querySelector('.wb-feature-title');
            if (!title || title === seen) return requestAnimationFrame(look);
            requestAnimationFrame(() => { window.benchClick = performance.now() - began; });
        };
        look();
    }, { once: true, capture: true }); }"""


def restyle(frame: Frame, *, rounds: int) -> tuple[list[float], int]:
    """New rules for the largest layer: milliseconds until painted, and tiles asked meanwhile."""
    found = [frame.evaluate(_RESTYLE, number) for number in range(rounds)]
    return [float(ms) for ms, _ in found], sum(int(tiles) for _, tiles in found)


def pan(frame: Frame, *, rounds: int) -> list[float]:
    """A third of the map in one direction after the other, until all new tiles are painted."""
    return [float(frame.evaluate(_PAN, number)) for number in range(rounds)]


def click(page: Page, frame: Frame, *, rounds: int) -> list[float]:
    """From the finger's touch to the attributes on the screen, at places that differ."""
    owner = frame.frame_element().bounding_box()
    if owner is None:
        msg = "the map's frame is not on the screen"
        raise RuntimeError(msg)
    left, top, width, height = frame.evaluate(
        "(() => { const b = map.getContainer().getBoundingClientRect();"
        " return [b.left, b.top, b.width, b.height]; })()"
    )
    times = []
    for number in range(rounds):
        frame.evaluate(_WATCH)
        x = owner["x"] + left + width * (0.35 + 0.02 * number)
        y = owner["y"] + top + height * (0.40 + 0.03 * number)
        page.mouse.click(x, y)
        frame.wait_for_function("() => window.benchClick !== null", polling="raf")
        times.append(float(frame.evaluate("window.benchClick")))
        page.wait_for_timeout(400)  # the sheet settles; a double click means something else
    return times
