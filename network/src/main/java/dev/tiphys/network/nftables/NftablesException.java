package dev.tiphys.network.nftables;

import dev.tiphys.network.netlink.NetlinkException;
import java.io.IOException;
import java.io.Serial;

/// The kernel did not make changes of tables; everything is as it was.
public final class NftablesException extends IOException {

  @Serial private static final long serialVersionUID = 1;

  private final int error;
  private final int step;

  NftablesException(String what, NetlinkException cause) {
    super(what + ": " + cause.getMessage(), cause);
    this.error = cause.error();
    this.step = cause.message();
  }

  /// Which step of the transaction was refused, counted from 0; -1 if none in particular.
  public int step() {
    return step;
  }

  /// The error number, as in `errno.h`.
  public int error() {
    return error;
  }
}
