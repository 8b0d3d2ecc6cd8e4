/// How objects of one version of the API become objects of another.
package dev.tiphys.apiserver.conversion;
