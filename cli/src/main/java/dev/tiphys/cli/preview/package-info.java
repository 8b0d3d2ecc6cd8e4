/// `tiphys preview`: what would happen if something were applied.
package dev.tiphys.cli.preview;
