/** Claimed by B2. */
