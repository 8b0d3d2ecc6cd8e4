package dev.tiphys.client.outbound;

/// Which servers are believed, and what is shown to them.
///
/// @param any whether any certificate will do
/// @param authorities those that vouch for the server, as PEM; empty for the system's
/// @param certificate the client's certificate, as PEM; empty if it has none
/// @param key the client's key, as PEM; empty if it has none
public record Trust(boolean any, String authorities, String certificate, String key) {

  /// The system's authorities vouch for the server.
  public static final Trust SYSTEM = new Trust(false, "", "", "");

  /// Any server is believed.
  public static final Trust ANY = new Trust(true, "", "", "");

  /// Without the key, which must not be seen.
  @Override
  public String toString() {
    return any ? "any" : authorities.isEmpty() ? "the system's" : "authorities of its own";
  }
}
