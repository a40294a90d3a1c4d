using Peregrine.Web.Datasets;

namespace Peregrine.Web.Tests.Datasets;

public sealed class DatasetNamesTests
{
    [Theory]
    [InlineData(@"C:\fakepath\fraud transactions.csv.gz", "fraud_transactions")]
    [InlineData("adult.csv", "adult")]
    [InlineData("", "")]
    public void From_AFile_GivesItsBareName(string path, string name) => DatasetNames.From(path).ShouldBe(name);
}
