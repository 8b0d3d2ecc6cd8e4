package dev.tiphys.node.containerd;

import dev.tiphys.node.testing.TestContainers;
import dev.tiphys.node.testing.TestNode;

/// A process that starts containerd and a container, prints the container's id, and waits to be
/// killed.
final class OtherProcess {

  private OtherProcess() {}

  public static void main(String[] arguments) throws Exception {
    TestNode node = TestNode.on(arguments[0], arguments[1]);
    System.out.println(new TestContainers(node).run("other", "sleep", "3600"));
    Thread.currentThread().join();
  }
}
