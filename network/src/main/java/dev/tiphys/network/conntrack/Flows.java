package dev.tiphys.network.conntrack;

import dev.tiphys.network.netlink.Attributes;
import dev.tiphys.network.netlink.Messages;
import dev.tiphys.network.netlink.NetlinkException;
import dev.tiphys.network.netlink.NetlinkSocket;
import dev.tiphys.network.nftables.Family;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// The kernel's table of flows. What it forgets of them begins anew with the next packet: rules are
/// asked again, and addresses are rewritten as rules say then.
public final class Flows {
  private static final int SUBSYSTEM = 1;
  private static final int GET = SUBSYSTEM << 8 | 1;
  private static final int DELETE = SUBSYSTEM << 8 | 2;
  private static final int FIXED_PART = 4;
  private static final int IDENTIFIER = 12;
  private static final int FILTER = 25;
  private static final int BY_SOURCE = 1;

  private Flows() {}

  /// A flow, and what the kernel calls it.
  private record Found(Family family, Attributes attributes) {}

  /// Lets the kernel forget flows of a family. Costs a walk over all of them.
  ///
  /// @return how many it forgot
  /// @throws IOException if the kernel cannot be asked
  public static int forget(Family family, Predicate<Flow> which, NetlinkSocket socket)
      throws IOException {
    return forget(begin(GET, Messages.REQUEST | Messages.DUMP, family), family, which, socket);
  }

  /// Lets the kernel forget all flows that an address began or answers, whatever their protocol.
  /// Kernels from 5.8 on look for those of IPv4 by themselves. Of the other family all flows are
  /// read: there kernels up to 6.18 at least take the addresses that differ for those that match.
  ///
  /// @return how many it forgot
  /// @throws IOException if the kernel cannot be asked
  public static int forgetOf(InetAddress address, NetlinkSocket socket) throws IOException {
    Predicate<Flow> which =
        flow ->
            flow.source().address().equals(address) || flow.responder().address().equals(address);
    Family family = Family.of(address);
    return family == Family.IPV6
        ? forget(family, which, socket)
        : forget(withSource(Flow.ORIGINAL, address), family, which, socket)
            + forget(withSource(Flow.REPLY, address), family, which, socket);
  }

  /// Asks for the flows one direction of which has a source. The types of the directions are those
  /// of their flags as well.
  private static Messages withSource(int direction, InetAddress address) {
    Family family = Family.of(address);
    Messages request = begin(GET, Messages.REQUEST | Messages.DUMP, family);
    return request
        .nested(
            direction,
            () ->
                request.nested(
                    Flow.IP,
                    () -> request.attribute(Flow.sourceAddress(family), address.getAddress())))
        .nested(FILTER, () -> request.attributeNative(direction, BY_SOURCE));
  }

  private static int forget(
      Messages request, Family family, Predicate<Flow> which, NetlinkSocket socket)
      throws IOException {
    List<Found> found = new ArrayList<>();
    socket.send(
        request,
        (_, body) -> {
          Attributes flow = new Attributes(body.position(FIXED_PART));
          Flow one = Flow.of(flow, family);
          if (one != null && which.test(one)) {
            found.add(new Found(family, flow.copy()));
          }
        });
    int forgotten = 0;
    for (Found flow : found) {
      forgotten += delete(flow, socket) ? 1 : 0;
    }
    return forgotten;
  }

  private static boolean delete(Found flow, NetlinkSocket socket) throws IOException {
    Messages request =
        flow.attributes()
            .writeTo(
                begin(DELETE, Messages.REQUEST | Messages.ACKNOWLEDGE, flow.family()),
                Flow.ORIGINAL,
                IDENTIFIER);
    try {
      socket.send(request);
      return true;
    } catch (NetlinkException e) {
      if (e.error() == NetlinkException.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  private static Messages begin(int type, int flags, Family family) {
    return new Messages().begin(type, flags).put8(family.number()).put8(0).put16(0);
  }
}
