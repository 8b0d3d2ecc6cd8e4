package dev.tiphys.monitoring.state.families;

/// What one object adds to the families of its kind, as bytes that are kept until it changes.
///
/// What all samples of a family begin with is left out, and so are the labels that name the object:
/// they are kept once. That is a third of the bytes that the page has.
///
/// Threads: any; it does not change.
public final class ObjectSamples {

  private final byte[] labels;
  private final byte[] tails;
  private final int[] ends;

  /// @param labels those that name the object
  /// @param tails what follows them in each line, family by family
  /// @param ends where each family ends in it
  ObjectSamples(byte[] labels, byte[] tails, int[] ends) {
    this.labels = labels;
    this.tails = tails;
    this.ends = ends;
  }

  /// Whether a family has a sample of it.
  public boolean has(int family) {
    return ends[family] > begin(family);
  }

  private int begin(int family) {
    return family == 0 ? 0 : ends[family - 1];
  }

  /// Takes bytes of a page.
  public interface Sink<E extends Exception> {
    void add(byte[] bytes, int from, int count) throws E;
  }

  /// Writes the samples in one family.
  ///
  /// @param name the family's, up to and with the brace
  public <E extends Exception> void write(int family, byte[] name, Sink<E> out) throws E {
    int from = begin(family);
    while (from < ends[family]) {
      int next = from;
      while (tails[next] != '\n') {
        next++;
      }
      next++;
      out.add(name, 0, name.length);
      out.add(labels, 0, labels.length);
      out.add(tails, from, next - from);
      from = next;
    }
  }

  /// How much memory it takes, about.
  public int size() {
    return labels.length + tails.length + Integer.BYTES * ends.length;
  }
}
