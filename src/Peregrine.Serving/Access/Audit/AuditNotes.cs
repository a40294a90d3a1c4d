using Microsoft.AspNetCore.Http;

namespace Peregrine.Serving.Access.Audit;

/// <summary>What a call of the admin API tells the audit log about itself beyond its path, such as the id of what it made. Never a secret.</summary>
internal static class AuditNotes
{
    private static readonly object s_key = new();

    public static void Add(HttpContext context, string name, string value)
    {
        if (context.Items[s_key] is not Dictionary<string, string> notes) context.Items[s_key] = notes = new Dictionary<string, string>(StringComparer.Ordinal);
        notes[name] = value;
    }

    public static IReadOnlyDictionary<string, string> Of(HttpContext context) =>
        context.Items[s_key] as IReadOnlyDictionary<string, string> ?? System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;
}
