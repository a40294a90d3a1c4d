namespace Peregrine.Web.Components;

public enum SkeletonShape
{
    Table,
    Cards,
    Lines,
}
