using Microsoft.EntityFrameworkCore;

namespace Peregrine.Designing.Store;

/// <summary>Saves that turn what two callers at once can do into an answer instead of a fault.</summary>
internal static class Saving
{
    /// <summary>Saves new rows; a 409 with <paramref name="conflict"/> when what they make exists already.</summary>
    public static async Task SaveNewAsync(
        this DesignDbContext db, Func<DesignDbContext, Task<bool>> exists, string conflict, CancellationToken cancellationToken)
    {
        if (await exists(db)) throw Refusal.Conflict(conflict);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException fault)
        {
            // Another call may have made it between the look and the save.
            db.ChangeTracker.Clear();
            if (await exists(db)) throw Refusal.Conflict(conflict, fault);
            throw;
        }
    }

    /// <summary>Saves changed rows; a 409 when one of them was changed by another call meanwhile.</summary>
    public static async Task SaveChangedAsync(this DesignDbContext db, string what, CancellationToken cancellationToken)
    {
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException fault)
        {
            throw Refusal.Conflict($"Another call changed {what} at the same time; read it again and repeat the change.", fault);
        }
    }
}
