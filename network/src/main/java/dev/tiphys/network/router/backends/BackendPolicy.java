package dev.tiphys.network.router.backends;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How the endpoints of a backend are used.
///
/// @param protocol what the endpoints speak
/// @param mostRequests how many requests it may have at once
/// @param mostWaiting how many more may wait; further ones are refused
/// @param slowStart for so long an endpoint that comes to others gets less than its share, in
///   proportion to its age; zero for none
/// @param connect how long a connection may take to be made
/// @param hashed by what requests are told apart where the balancing goes by a hash
/// @param tls how connections are secured; null for not at all
public record BackendPolicy(
    Balancing balancing,
    Protocol protocol,
    int mostRequests,
    int mostWaiting,
    Ejection ejection,
    Duration slowStart,
    Duration connect,
    HashBy hashed,
    @Nullable EndpointTls tls) {

  /// Where no request waits.
  public BackendPolicy(
      Balancing balancing,
      Protocol protocol,
      int mostRequests,
      Ejection ejection,
      Duration slowStart,
      Duration connect,
      HashBy hashed,
      @Nullable EndpointTls tls) {
    this(balancing, protocol, mostRequests, 0, ejection, slowStart, connect, hashed, tls);
  }

  /// Without TLS.
  public BackendPolicy(
      Balancing balancing,
      Protocol protocol,
      int mostRequests,
      Ejection ejection,
      Duration slowStart,
      Duration connect,
      HashBy hashed) {
    this(balancing, protocol, mostRequests, ejection, slowStart, connect, hashed, null);
  }

  /// Where nothing tells requests apart.
  public BackendPolicy(
      Balancing balancing,
      Protocol protocol,
      int mostRequests,
      Ejection ejection,
      Duration slowStart,
      Duration connect) {
    this(balancing, protocol, mostRequests, ejection, slowStart, connect, new HashBy.Nothing());
  }

  /// Round robin, without limits.
  public static final BackendPolicy USUAL =
      new BackendPolicy(
          Balancing.ROUND_ROBIN,
          Protocol.HTTP_1,
          Integer.MAX_VALUE,
          Ejection.NEVER,
          Duration.ZERO,
          Duration.ofSeconds(5));

  /// The same with another way of balancing.
  public BackendPolicy with(Balancing other) {
    return new BackendPolicy(
        other, protocol, mostRequests, mostWaiting, ejection, slowStart, connect, hashed, tls);
  }

  /// The same with another protocol.
  public BackendPolicy with(Protocol other) {
    return new BackendPolicy(
        balancing, other, mostRequests, mostWaiting, ejection, slowStart, connect, hashed, tls);
  }

  /// The same with another ejection.
  public BackendPolicy with(Ejection other) {
    return new BackendPolicy(
        balancing, protocol, mostRequests, mostWaiting, other, slowStart, connect, hashed, tls);
  }

  /// The same with secured connections.
  public BackendPolicy with(EndpointTls secured) {
    return secured(secured);
  }

  /// The same with connections that carry what they are given.
  public BackendPolicy plain() {
    return secured(null);
  }

  private BackendPolicy secured(@Nullable EndpointTls secured) {
    return new BackendPolicy(
        balancing,
        protocol,
        mostRequests,
        mostWaiting,
        ejection,
        slowStart,
        connect,
        hashed,
        secured);
  }

  /// The same with a slow start.
  public BackendPolicy withSlowStart(Duration span) {
    return new BackendPolicy(
        balancing, protocol, mostRequests, mostWaiting, ejection, span, connect, hashed, tls);
  }

  /// The same with a limit.
  public BackendPolicy withMostRequests(int most) {
    return withMostRequests(most, mostWaiting);
  }

  /// The same with limits.
  public BackendPolicy withMostRequests(int most, int waiting) {
    return new BackendPolicy(
        balancing, protocol, most, waiting, ejection, slowStart, connect, hashed, tls);
  }
}
