package dev.tiphys.scheduler.plugins;

import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.framework.ScorePlugin;
import dev.tiphys.scheduler.verdict.Score;
import dev.tiphys.scheduler.verdict.Slots;
import java.util.Arrays;
import java.util.List;

/// Likes nodes that have the images already, the larger the better; less so an image that is on few
/// nodes, or its Pods would all crowd there.
final class ImageLocality implements ScorePlugin {

  private static final long MIB = 1024 * 1024;
  private static final long SMALLEST = 23 * MIB;
  private static final long LARGEST_OF_ONE = 1000 * MIB;

  private final Cluster cluster;

  ImageLocality(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public String name() {
    return "ImageLocality";
  }

  @Override
  public Score score(PodTemplate pod) {
    return new Images(pod.images());
  }

  private final class Images implements Score.Surveying {
    private final List<String> images;

    /// By image and slot.
    private final long[][] sizes;

    Images(List<String> images) {
      this.images = images;
      this.sizes = new long[images.size()][0];
    }

    @Override
    public void note(NodeInfo node) {
      for (int i = 0; i < sizes.length; i++) {
        put(i, node.slot(), node.facts().images().getOrDefault(images.get(i), 0L));
      }
    }

    @Override
    public void forget(int slot) {
      for (int i = 0; i < sizes.length; i++) {
        put(i, slot, 0);
      }
    }

    private void put(int image, int slot, long size) {
      if (slot >= sizes[image].length) {
        sizes[image] = Arrays.copyOf(sizes[image], slot + slot / 4 + 8);
      }
      sizes[image][slot] = size;
    }

    @Override
    public boolean score(Slots feasible, long[] scores) {
      boolean any = false;
      Arrays.fill(scores, 0, feasible.size(), 0);
      for (int i = 0; i < sizes.length; i++) {
        int nodes = cluster.nodesWithImage(images.get(i));
        any |= nodes > 0;
        double spread = (double) nodes / cluster.nodes().size();
        for (int n = 0; nodes > 0 && n < feasible.size(); n++) {
          scores[n] += (long) (sizes[i][feasible.at(n)] * spread);
        }
      }
      long largest = LARGEST_OF_ONE * images.size();
      for (int n = 0; any && n < feasible.size(); n++) {
        long within = Math.max(SMALLEST, Math.min(scores[n], largest));
        scores[n] = MAX * (within - SMALLEST) / (largest - SMALLEST);
      }
      return any;
    }
  }
}
