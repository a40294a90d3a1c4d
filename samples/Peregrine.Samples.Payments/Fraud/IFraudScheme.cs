namespace Peregrine.Samples.Payments.Fraud;

/// <summary>One way to steal by card, over the whole time simulated.</summary>
internal interface IFraudScheme
{
    /// <param name="honest">All honest payments, in no order: some schemes follow where people have been.</param>
    IEnumerable<Payment> Run(FraudScene scene, IReadOnlyList<Payment> honest);
}
