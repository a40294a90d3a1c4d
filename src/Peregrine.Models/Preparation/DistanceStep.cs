using Peregrine.Records;

namespace Peregrine.Models.Preparation;

/// <summary>Great-circle distance in kilometres between two places given in degrees. Missing when a coordinate is.</summary>
/// <remarks>Haversine formula on a sphere of radius 6,371.0088 km (mean radius, IUGG 1980).</remarks>
public sealed record DistanceStep : PreparationStep
{
    public required string FromLatitude { get; init; }

    public required string FromLongitude { get; init; }

    public required string ToLatitude { get; init; }

    public required string ToLongitude { get; init; }

    public required string Output { get; init; }

    public override IEnumerable<string> ReadFields() => [FromLatitude, FromLongitude, ToLatitude, ToLongitude];

    public override IEnumerable<string> WrittenFields() => [Output];

    internal override CompiledStep Compile(PreparationScope scope)
    {
        int Find(string name) => scope.Find("distance", name, FieldKind.Number, FieldKind.Integer);
        var (lat1, lon1, lat2, lon2) = (Find(FromLatitude), Find(FromLongitude), Find(ToLatitude), Find(ToLongitude));
        return new Compiled(lat1, lon1, lat2, lon2, scope.Add("distance", Output, FieldKind.Number));
    }

    private sealed class Compiled(int lat1, int lon1, int lat2, int lon2, int output) : CompiledStep
    {
        private const double EarthRadiusKm = 6_371.0088;
        private const double RadiansPerDegree = Math.PI / 180;

        public override void Apply(TypedRecord record)
        {
            var fromLat = record.Number(lat1) * RadiansPerDegree;
            var toLat = record.Number(lat2) * RadiansPerDegree;
            var sinLat = Math.Sin((toLat - fromLat) / 2);
            var sinLon = Math.Sin((record.Number(lon2) - record.Number(lon1)) * RadiansPerDegree / 2);
            var a = sinLat * sinLat + Math.Cos(fromLat) * Math.Cos(toLat) * sinLon * sinLon;
            record.SetNumber(output, 2 * EarthRadiusKm * Math.Asin(Math.Sqrt(Math.Min(1, a))));
        }
    }
}
