/// The media types that a client takes and sends, and objects in them.
package dev.tiphys.apiserver.http.media;
