package dev.tiphys.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.network.netlink.NetlinkSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// A network namespace of this machine, which stands for a host or a Pod.
public final class Host implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final String name;

  private Host(String name) {
    this.name = name;
  }

  /// A new one, with its loopback up.
  public static Host create() {
    Host host = new Host("tiphys-" + ProcessHandle.current().pid() + "-" + COUNT.getAndIncrement());
    run(List.of("ip", "netns", "add", host.name));
    host.run("ip", "link", "set", "lo", "up");
    return host;
  }

  public String name() {
    return name;
  }

  public NetlinkSocket netlink(int protocol) throws IOException {
    return NetlinkSocket.openIn(Path.of("/run/netns", name), protocol);
  }

  /// Runs a program there, which must succeed; what it said.
  public String run(String... command) {
    List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", name));
    all.addAll(List.of(command));
    return run(all);
  }

  /// Starts a program there that goes on.
  public Process start(String... command) throws IOException {
    List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", name));
    all.addAll(List.of(command));
    return new ProcessBuilder(all).redirectErrorStream(true).start();
  }

  private static String run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(String.join(" ", command) + "\n" + output).isZero();
      return output;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// A cable between two hosts: interfaces with these names and addresses.
  public void connect(String here, String address, Host other, String there, String otherAddress) {
    run(
        List.of(
            "ip",
            "link",
            "add",
            here,
            "netns",
            name,
            "type",
            "veth",
            "peer",
            "name",
            there,
            "netns",
            other.name));
    configure(here, address);
    other.configure(there, otherAddress);
  }

  private void configure(String link, String address) {
    run("ip", "address", "add", address, "dev", link);
    run("ip", "link", "set", link, "up");
  }

  @Override
  public void close() {
    run(List.of("ip", "netns", "delete", name));
  }
}
