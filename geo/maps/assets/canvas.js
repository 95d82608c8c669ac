// A canvas with the panning and zooming of Leaflet's own, whose content one function paints: no layer for each thing on it.
const Canvas = L.Canvas.extend({
  /** `paint(context, bounds)` draws what lies in `bounds`, in the pixels of `map.latLngToLayerPoint`. */
  initialize(paint, options) {
    L.Canvas.prototype.initialize.call(this, options);
    this._paint = paint;
  },
  /** Paints anew with the next frame. */
  refresh() { if (this._map) this._redrawRequest ||= L.Util.requestAnimFrame(this._redraw, this); },
  _draw() { this._paint(this._ctx, this._bounds); },
});
