/* G7: a recursive definition that no value satisfies. WP believes it. */

/*@ logic integer Taller(integer x) = x <= 0 ? 1 : Taller(x) + 1; */

/*@ requires positive: 0 < x <= 100;
    terminates \true;
    assigns \nothing;
    ensures wrong: Taller(x) == x; */
void believes(int x)
{
    (void)x;
}
