package dev.tiphys.network.dns.forward;

import dev.tiphys.network.dns.message.Rcode;
import java.net.InetSocketAddress;

/// Is told of what forwarding does.
public interface ForwardMetrics {

  /// A server was asked.
  ///
  /// @param nanos until its answer
  void asked(InetSocketAddress server, Rcode rcode, long nanos);

  /// A question was turned away because too many wait.
  void rejected();

  /// An answer was remembered.
  ///
  /// @param denial whether it says that there is nothing
  void hit(boolean denial);

  /// An answer was not remembered.
  void missed();

  /// An answer is asked for again before it has ended.
  void prefetched();

  /// An answer was given although it has ended.
  void servedStale();

  /// An answer was forgotten for want of room.
  void evicted();
}
