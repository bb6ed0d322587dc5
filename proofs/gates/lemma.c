/* G6: a false lemma; with it, the false contract below it is Valid. */

/*@ logic integer Half(integer x) = x / 2; */

/*@ lemma never_odd: \forall integer x; Half(x) * 2 == x; */

/*@ requires small: 0 <= x <= 100;
    terminates \true;
    assigns \nothing;
    ensures wrong: Half(x) * 2 == x; */
void believes(int x)
{
    (void)x;
}
