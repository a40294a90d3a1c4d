using System.Globalization;
using System.Text;

namespace Peregrine.Web.Charts;

/// <summary>Maps values to places of a drawing area, and lines to SVG paths.</summary>
public sealed record Plot(double Left, double Top, double Width, double Height, double MinX, double MaxX, double MinY, double MaxY)
{
    public double X(double value) => Left + (value - MinX) / (MaxX - MinX) * Width;

    public double Y(double value) => Top + Height - (value - MinY) / (MaxY - MinY) * Height;

    /// <summary>Consecutive points closer than half a pixel are drawn as one, so that a curve of 10,000 points stays small.</summary>
    public string Path(IReadOnlyList<ChartPoint> points)
    {
        var path = new StringBuilder();
        double lastX = double.NaN, lastY = double.NaN;
        for (var i = 0; i < points.Count; i++)
        {
            double x = X(points[i].X), y = Y(points[i].Y);
            if (i > 0 && i < points.Count - 1 && Math.Abs(x - lastX) < 0.5 && Math.Abs(y - lastY) < 0.5) continue;
            path.Append(CultureInfo.InvariantCulture, $"{(path.Length == 0 ? 'M' : 'L')}{x:0.#} {y:0.#}");
            (lastX, lastY) = (x, y);
        }
        return path.ToString();
    }

    public string Area(IReadOnlyList<ChartPoint> points) => points.Count == 0 ? "" :
        string.Create(CultureInfo.InvariantCulture, $"{Path(points)}L{X(points[^1].X):0.#} {Y(MinY):0.#}L{X(points[0].X):0.#} {Y(MinY):0.#}Z");
}
