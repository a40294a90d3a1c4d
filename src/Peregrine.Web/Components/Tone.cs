namespace Peregrine.Web.Components;

/// <summary>What a colour means. It never stands alone: an icon or a word goes with it.</summary>
public enum Tone
{
    /// <summary>Grey: unknown, or nothing to say.</summary>
    Idle,
    /// <summary>Green: healthy, done.</summary>
    Good,
    /// <summary>Amber: wants a look.</summary>
    Warn,
    /// <summary>Red: failing.</summary>
    Bad,
    /// <summary>Blue: in progress.</summary>
    Busy,
}
