using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Peregrine.Models.Explanations;

/// <summary>
/// Numbers that are 0 until they are written. The system gives memory for them page by page, as they are; an array of the collector's would take all of it at once, and a freed one would
/// be in the way until the next collection of everything. Given back by a finaliser.
/// </summary>
/// <remarks>A reference into it does not keep it: whoever has one keeps the object itself alive, by <see cref="GC.KeepAlive"/>.</remarks>
internal sealed class SparseNumbers
{
    private readonly SafeBuffer _pages;
    private readonly nint _first;

    /// <param name="count">0 or more.</param>
    public SparseNumbers(int count)
    {
        Count = count;
        using var memory = MemoryMappedFile.CreateNew(mapName: null, Math.Max(1L, count) * sizeof(double));
        var view = memory.CreateViewAccessor();
        _pages = view.SafeMemoryMappedViewHandle;
        // Not AcquirePointer: what it counts would keep the finaliser from giving the memory back.
        _first = _pages.DangerousGetHandle() + (nint)view.PointerOffset;
    }

    public int Count { get; }

    public unsafe ref double First => ref Unsafe.AsRef<double>((void*)_first);
}
