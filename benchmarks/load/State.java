import dev.tiphys.monitoring.state.families.KindFamilies;
import dev.tiphys.monitoring.state.families.ObjectSamples;
import dev.tiphys.monitoring.state.families.StateFamilies;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// `State.java POD COUNT`: what it takes to tell of many Pods as metrics. Prints what one costs when it changes, what a
/// page of all of them costs, what that leaves behind, and what is kept.
public final class State {

  private static final int ROUNDS = 21;
  private static final int CHUNK = 64 << 10;

  private State() {}

  public static void main(String[] arguments) throws Exception {
    String pod = Files.readString(Path.of(arguments[0]));
    int count = Integer.parseInt(arguments[1]);
    KindFamilies kind =
        StateFamilies.ALL.stream().filter(each -> each.resource().kind().equals("Pod")).findFirst().orElseThrow();
    Struct[] pods = new Struct[count];
    for (int i = 0; i < count; i++) {
      pods[i] = Json.struct(pod.replace("NAME", "pod-%05d".formatted(i)).getBytes(StandardCharsets.UTF_8));
    }
    long begin = System.nanoTime();
    ObjectSamples[] rendered = new ObjectSamples[count];
    for (int i = 0; i < count; i++) {
      rendered[i] = kind.render(pods[i]);
    }
    System.out.printf("all %,d Pods for the first time, ms: %d%n", count, (System.nanoTime() - begin) / 1_000_000);
    begin = System.nanoTime();
    for (int i = 0; i < count; i++) {
      rendered[i] = kind.render(pods[i]);
    }
    System.out.printf("one that has changed, us: %.1f%n", (System.nanoTime() - begin) / 1e3 / count);
    byte[][] names = new byte[kind.families().size()][];
    for (int i = 0; i < names.length; i++) {
      names[i] = (kind.families().get(i).name() + "{").getBytes(StandardCharsets.UTF_8);
    }
    long[] times = new long[ROUNDS];
    Page page = new Page();
    long before = 0;
    for (int round = 0; round < ROUNDS; round++) {
      page.written = 0;
      before = allocated();
      begin = System.nanoTime();
      for (int family = 0; family < names.length; family++) {
        for (ObjectSamples each : rendered) {
          each.write(family, names[family], page);
        }
      }
      times[round] = (System.nanoTime() - begin) / 1_000_000;
    }
    long garbage = allocated() - before;
    System.out.printf("the first page, ms: %d%n", times[0]);
    Arrays.sort(times);
    System.out.printf("a page, the middle of %d, ms: %d%n", ROUNDS, times[ROUNDS / 2]);
    System.out.printf("its size, MB: %d%n", page.written >> 20);
    System.out.printf("allocated for it, MB: %d%n", garbage >> 20);
    System.out.printf("kept, MB: %d%n", Arrays.stream(rendered).mapToLong(ObjectSamples::size).sum() >> 20);
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }

  /// As the server has it: pieces that belong to the connection once they are sent.
  private static final class Page implements ObjectSamples.Sink<RuntimeException> {
    private byte[] piece = new byte[CHUNK];
    private int filled;
    private long written;

    @Override
    public void add(byte[] bytes, int from, int count) {
      int at = from;
      int left = count;
      while (left > CHUNK - filled) {
        int part = CHUNK - filled;
        System.arraycopy(bytes, at, piece, filled, part);
        piece = new byte[CHUNK];
        filled = 0;
        at += part;
        left -= part;
      }
      System.arraycopy(bytes, at, piece, filled, left);
      filled += left;
      written += count;
    }
  }
}
