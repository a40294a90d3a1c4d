namespace Peregrine.Samples.Payments;

public enum FraudKind
{
    None,
    CardTesting,
    AccountTakeover,
    CompromisedMerchant,
    Friendly,
}
