using System.Runtime.Versioning;

// Signals, file modes and Debian's tools.
[assembly: SupportedOSPlatform("linux")]
