namespace Peregrine.DataDirectories;

/// <summary>Where state is kept when nobody says otherwise: the user's state folder of the XDG specification.</summary>
public static class DefaultDirectories
{
    public static string Start => InState("peregrine");

    public static string Demo => InState("peregrine-demo");

    private static string InState(string name)
    {
        var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        if (!string.IsNullOrEmpty(state) && Path.IsPathRooted(state)) return Path.Combine(state, name);
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return string.IsNullOrEmpty(home) ? Path.GetFullPath($".{name}") : Path.Combine(home, ".local", "state", name);
    }
}
