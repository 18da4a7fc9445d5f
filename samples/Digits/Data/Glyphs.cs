using System.Numerics;

namespace Digits.Data;

/// <summary>One stroke of a pen: the points that it passes through, in a unit square with y downwards.</summary>
/// <param name="Curved">Whether it rounds its points off; else it runs straight from each to the next.</param>
/// <param name="Points">The points.</param>
internal sealed record Stroke(bool Curved, params Vector2[] Points);

/// <summary>The ways in which people write the ten digits.</summary>
internal static class Glyphs
{
    /// <summary>The variants of a digit, each a few strokes.</summary>
    public static IReadOnlyList<Stroke[]> Of(int digit) => Variants[digit];

    private static readonly Stroke[][][] Variants =
    [
        [
            [Curve((.52f, 0), (.2f, .16f), (.1f, .5f), (.22f, .88f), (.5f, 1), (.8f, .86f), (.9f, .5f), (.8f, .14f), (.52f, 0))],
            [Curve((.6f, .02f), (.3f, .1f), (.2f, .5f), (.3f, .9f), (.52f, 1), (.72f, .84f), (.78f, .48f), (.66f, .12f), (.42f, .02f))],
        ],
        [
            [Line((.5f, 0), (.5f, 1))],
            [Line((.28f, .24f), (.54f, 0), (.54f, 1))],
            [Line((.3f, .22f), (.52f, 0), (.52f, 1)), Line((.26f, 1), (.78f, 1))],
        ],
        [
            [Curve((.14f, .26f), (.3f, .04f), (.64f, .01f), (.84f, .24f), (.7f, .52f), (.4f, .78f), (.14f, 1)), Line((.14f, 1), (.9f, 1))],
            [Curve((.16f, .22f), (.4f, 0), (.76f, .1f), (.76f, .38f), (.5f, .7f), (.2f, .98f), (.12f, .84f), (.34f, .8f), (.6f, .98f), (.92f, .92f))],
        ],
        [
            [Curve((.15f, .12f), (.45f, 0), (.8f, .14f), (.74f, .38f), (.42f, .48f)), Curve((.42f, .48f), (.8f, .56f), (.86f, .82f), (.5f, 1), (.12f, .88f))],
            [Line((.15f, .02f), (.82f, .02f), (.45f, .42f)), Curve((.45f, .42f), (.8f, .5f), (.86f, .8f), (.5f, 1), (.12f, .9f))],
        ],
        [
            [Line((.26f, 0), (.12f, .6f), (.9f, .6f)), Line((.68f, .22f), (.66f, 1))],
            [Line((.66f, 1), (.66f, 0), (.08f, .66f), (.94f, .66f))],
        ],
        [
            [Line((.84f, .02f), (.26f, .02f), (.2f, .46f)), Curve((.2f, .46f), (.5f, .36f), (.84f, .56f), (.8f, .88f), (.45f, 1), (.12f, .9f))],
            [Curve((.84f, .04f), (.5f, .02f), (.28f, .1f), (.24f, .4f), (.52f, .42f), (.8f, .62f), (.7f, .94f), (.36f, 1), (.14f, .88f))],
        ],
        [
            [Curve((.72f, .02f), (.36f, .22f), (.14f, .6f), (.25f, .93f), (.55f, 1), (.82f, .82f), (.76f, .57f), (.46f, .5f), (.2f, .68f))],
            [Curve((.5f, 0), (.24f, .36f), (.18f, .76f), (.4f, 1), (.7f, .92f), (.74f, .68f), (.52f, .56f), (.24f, .74f))],
        ],
        [
            [Line((.1f, .03f), (.88f, .03f), (.42f, 1))],
            [Line((.1f, .03f), (.88f, .03f), (.42f, 1)), Line((.34f, .52f), (.82f, .5f))],
            [Curve((.12f, .2f), (.2f, .04f), (.6f, .06f), (.86f, .02f), (.6f, .48f), (.46f, 1))],
        ],
        [
            [Curve((.78f, .16f), (.5f, 0), (.2f, .16f), (.34f, .42f), (.68f, .6f), (.82f, .82f), (.5f, 1), (.18f, .82f), (.32f, .6f), (.66f, .4f), (.78f, .16f))],
            [Curve((.5f, 0), (.24f, .2f), (.5f, .46f), (.76f, .2f), (.5f, 0)), Curve((.5f, .46f), (.16f, .74f), (.5f, 1), (.84f, .74f), (.5f, .46f))],
        ],
        [
            [Curve((.82f, .26f), (.6f, .03f), (.26f, .08f), (.16f, .34f), (.42f, .52f), (.74f, .4f), (.82f, .16f)), Curve((.82f, .16f), (.82f, .6f), (.6f, 1))],
            [Curve((.76f, .22f), (.5f, 0), (.2f, .22f), (.44f, .48f), (.76f, .26f)), Line((.77f, .2f), (.74f, 1))],
        ],
    ];

    private static Stroke Curve(params ReadOnlySpan<(float X, float Y)> points) => new(true, Vectors(points));

    private static Stroke Line(params ReadOnlySpan<(float X, float Y)> points) => new(false, Vectors(points));

    private static Vector2[] Vectors(ReadOnlySpan<(float X, float Y)> points)
    {
        var vectors = new Vector2[points.Length];
        for (int i = 0; i < points.Length; i++)
        {
            vectors[i] = new Vector2(points[i].X, points[i].Y);
        }

        return vectors;
    }
}
