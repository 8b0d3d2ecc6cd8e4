package dev.tiphys.network.nftables;

/// What becomes of a packet.
///
/// @param code as the kernel numbers them
/// @param chain where the packet goes; empty if the verdict is none that goes on elsewhere
public record Verdict(int code, String chain) {
  public static final Verdict DROP = new Verdict(0, "");
  public static final Verdict ACCEPT = new Verdict(1, "");
  public static final Verdict RETURN = new Verdict(-5, "");

  /// Goes on in another chain and comes back from its end.
  public static Verdict jump(String chain) {
    return new Verdict(-3, chain);
  }

  /// Goes on in another chain for good.
  public static Verdict goTo(String chain) {
    return new Verdict(-4, chain);
  }
}
