using System.Globalization;
using System.Runtime.CompilerServices;
using Peregrine.Models.Explanations;

namespace Peregrine.Models.Tests.Explanations;

public sealed class SparseNumbersTests
{
    private const int Count = 4_000_000;

    [Fact]
    public void First_OfNumbersNotWritten_IsZeroAndKeepsWhatIsWritten()
    {
        var numbers = new SparseNumbers(Count);
        ref var last = ref Unsafe.Add(ref numbers.First, Count - 1);
        last.ShouldBe(0);
        numbers.First.ShouldBe(0);
        last = 2.5;
        Unsafe.Add(ref numbers.First, Count - 1).ShouldBe(2.5);
        GC.KeepAlive(numbers);
    }

    [Fact]
    public void Constructor_OfNone_IsPossible() => new SparseNumbers(0).Count.ShouldBe(0);

    [Fact]
    public void Numbers_ThatNobodyHolds_AreGivenBack()
    {
        var place = Place();
        for (var i = 0; i < 10 && IsMapped(place); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        IsMapped(place).ShouldBeFalse();
    }

    [Fact]
    public void Numbers_ThatSomebodyHolds_Stay()
    {
        var numbers = new SparseNumbers(Count);
        var place = PlaceOf(numbers);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        IsMapped(place).ShouldBeTrue();
        GC.KeepAlive(numbers);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong Place() => PlaceOf(new SparseNumbers(Count));

    private static ulong PlaceOf(SparseNumbers numbers) => (ulong)Unsafe.ByteOffset(ref Unsafe.NullRef<double>(), ref Unsafe.Add(ref numbers.First, Count / 2));

    private static bool IsMapped(ulong place) => File.ReadLines("/proc/self/maps").Any(line =>
    {
        var bounds = line.Split(' ')[0].Split('-').Select(bound => ulong.Parse(bound, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToList();
        return bounds[0] <= place && place < bounds[1];
    });
}
