/// Images that need no registry: the built-in one that holds sandboxes open, and those that come
/// from files.
///
/// The formats are those of the OCI image specification, and of what `docker save` writes. An image
/// is a tree of **blobs** named by their digests: an index or a manifest on top, a configuration
/// and layers below.
package dev.tiphys.node.images;
