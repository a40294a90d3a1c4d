namespace Peregrine.Web.Components;

public static class Tones
{
    public static string Css(this Tone tone) => tone switch
    {
        Tone.Good => "tone-good",
        Tone.Warn => "tone-warn",
        Tone.Bad => "tone-bad",
        Tone.Busy => "tone-busy",
        _ => "tone-idle",
    };

    public static string Icon(this Tone tone) => tone switch
    {
        Tone.Good => "circle-check",
        Tone.Warn => "triangle-alert",
        Tone.Bad => "circle-x",
        Tone.Busy => "loader-circle",
        _ => "circle-dashed",
    };
}
