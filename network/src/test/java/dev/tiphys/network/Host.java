package dev.tiphys.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.network.netlink.Entering;
import dev.tiphys.network.netlink.Namespace;
import dev.tiphys.network.netlink.NetlinkSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
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
    host.run("sysctl", "-q", "-w", "net.ipv6.conf.default.accept_dad=0");
    host.run("ip", "link", "set", "lo", "up");
    return host;
  }

  public String name() {
    return name;
  }

  public Namespace namespace() {
    return Namespace.at(file());
  }

  public NetlinkSocket netlink(int protocol) throws IOException {
    return namespace().open(protocol);
  }

  private Path file() {
    return Path.of("/run/netns", name);
  }

  /// Runs code there, on a thread of its own: sockets that it opens belong there.
  public <T> T in(Callable<T> code) throws Exception {
    return Entering.call(file(), code);
  }

  /// What a server says to a caller; `refused` or `silent` if there is no answer.
  public String ask(Protocol protocol, String address, int port) throws Exception {
    return in(
        () ->
            protocol == Protocol.UDP
                ? Answers.askByDatagram(address, port)
                : Answers.ask(address, port));
  }

  /// A server there, which says its name and the address of the caller.
  public Answers serve(String says, int port) throws Exception {
    return in(() -> Answers.open(says, port)).start();
  }

  /// Runs a program there, which must succeed; what it said.
  public String run(String... command) {
    List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", name));
    all.addAll(List.of(command));
    return run(all);
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
