/**
 * The most that any judge can see of a rate that changes, while it calls an unchanged one changed in at most `falseAlarm` of all
 * cases: the most powerful test (Neyman and Pearson) of one Poisson mean against another, with the old rate known for certain and
 * the whole chance of a false alarm spent on this one look. It calls everything from some count on, and a part of the cases at the
 * count before, which is what uses the chance up.
 */
export const bestPower = (before: number, after: number, falseAlarm: number): number => {
  let [chanceBefore, chanceAfter] = [Math.exp(-before), Math.exp(-after)];
  let [tailBefore, tailAfter] = [1, 1];
  for (let count = 0; tailBefore - chanceBefore > falseAlarm; count++) {
    tailBefore -= chanceBefore;
    tailAfter -= chanceAfter;
    chanceBefore *= before / (count + 1);
    chanceAfter *= after / (count + 1);
  }
  const [surelyBefore, surelyAfter] = [tailBefore - chanceBefore, tailAfter - chanceAfter];
  return surelyAfter + ((falseAlarm - surelyBefore) / chanceBefore) * chanceAfter;
};
