package dev.tiphys.node.cri;

import dev.tiphys.node.runtime.*;
import dev.tiphys.node.testing.*;
import java.nio.file.Files;
import java.time.Duration;
import java.util.*;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("node")
class ScratchTest {
  @Test
  void scratch() throws Exception {
    long t = System.nanoTime();
    try (TestNode node = TestNode.start()) {
      t = lap("start", t);
      System.out.println(node.load(TestImages.archive("busybox")));
      t = lap("load", t);
      var rt = node.runtime();
      System.out.println(rt.version() + " " + rt.status());
      for (Image i : rt.images().list()) System.out.println(i);
      t = lap("list", t);
      RuntimeEvents events = rt.events();
      t = lap("events", t);
      Files.createDirectories(node.logs());
      for (int k = 0; k < 4; k++) {
        SandboxSpec s = Specs.sandbox("a" + k, node.cgroup(), node.logs().toString());
        t = System.nanoTime();
        String sid = rt.runSandbox(s);
        t = lap("sandbox", t);
        System.out.println(rt.sandboxStatus(sid));
        t = lap("status", t);
        String c =
            rt.createContainer(
                sid,
                Specs.container(
                    s,
                    "c",
                    "sh",
                    "-c",
                    "echo hello; id; cat /proc/self/cgroup; ip a; sleep 0.2; exit 3"),
                s);
        t = lap("create", t);
        rt.startContainer(c);
        t = lap("start", t);
        System.out.println(events.next());
        t = lap("started event", t);
        System.out.println(
            rt.execSync(c, List.of("sh", "-c", "exit 5"), Duration.ofSeconds(2)).exitCode());
        t = lap("exec", t);
        System.out.println(events.next());
        t = lap("exit event", t);
        System.out.println(rt.containerStatus(c));
        System.out.println(
            Files.readString(java.nio.file.Path.of(rt.containerStatus(c).logPath())));
      }
      for (int r = 0; r < 5; r++) {
        t = System.nanoTime();
        for (int i = 0; i < 200; i++) rt.sandboxes(Map.of());
        t = lap("200 lists", t);
        String id = rt.sandboxes(Map.of()).getFirst().id();
        for (int i = 0; i < 200; i++) rt.sandboxStatus(id);
        t = lap("200 status", t);
        for (int i = 0; i < 200; i++) rt.version();
        t = lap("200 version", t);
        id = rt.containers(Map.of()).getFirst().id();
        for (int i = 0; i < 200; i++) rt.containerStatus(id);
        t = lap("200 cstatus", t);
      }
      t = System.nanoTime();
      rt.removeSandbox(rt.sandboxes(Map.of()).getFirst().id());
      t = lap("remove sandbox", t);
    }
    lap("close", t);
  }

  long lap(String what, long t) {
    long n = System.nanoTime();
    System.out.printf("   %s %.1f ms%n", what, (n - t) / 1e6);
    return n;
  }
}
