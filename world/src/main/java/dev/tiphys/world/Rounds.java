package dev.tiphys.world;

/// How many rounds a test of random runs takes: its seeds, or what it does at random.
///
/// All of them are for the whole run (`-Dtiphys.tests=all`); a run in between takes a quarter of
/// them, so that it stays short.
public final class Rounds {
  private static final int SHARE = 4;

  private Rounds() {}

  /// @param property of the system, says another number if it is set: `tiphys.rollouts`
  /// @param all how many the whole run takes
  /// @return 1 or more
  public static int of(String property, int all) {
    boolean whole = System.getProperty("tiphys.tests", "").equals("all");
    return Integer.getInteger(property, whole ? all : Math.max(1, all / SHARE));
  }
}
