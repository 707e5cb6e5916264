#!/usr/bin/env bash
# Beside other tools, from the root of the project: 72 of 361 pages, and 20 of 100
# of a scan, as whole processes in one run, with the ratio to ours and the most
# memory each took; then what tools do to an excerpt, and on how many pages its
# code is still to be read. Ours cuts each file once before, as the library
# compares a publication's pages once, when it is added.
# Needs Debian's qpdf, mupdf-tools, ghostscript, poppler-utils and time.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
go build -o "$dir/pst" ./cmd/pst
PST_BENCH=$dir go test -count=1 -run BenchmarkFiles ./store/holdings >/dev/null
pages=$(seq -s, 1 5 356)

ours=0
timed() { # name, command …
  local name=$1 start end
  shift
  start=$(date +%s%N)
  command time -f %M -o "$dir/kb" "$@" >/dev/null 2>&1
  end=$(date +%s%N)
  local ms=$(((end - start) / 1000000))
  [ "$name" != pst ] || ours=$ms
  printf '  %-8s %7d ms  %6.2f x ours  %4d MB\n' "$name" "$ms" "$(echo "$ms / $ours" | bc -l)" "$(($(cat "$dir/kb") / 1024))"
}
for file in website plain scan; do
  [ $file != scan ] || pages=$(seq -s, 1 5 96)
  echo "$file.pdf, $(echo "$pages" | tr , '\n' | wc -l) pages:"
  in=$dir/$file.pdf
  "$dir/pst" excerpt -data "$dir/data" -pages "$pages" -mark "BT-00001" -o "$dir/out.pdf" "$in" >/dev/null
  timed pst "$dir/pst" excerpt -data "$dir/data" -pages "$pages" -mark "BT-00001" -o "$dir/$file-ours.pdf" "$in"
  timed mutool mutool clean -gggg "$in" "$dir/out.pdf" "$pages"
  timed gs gs -q -dNOPAUSE -dBATCH -sDEVICE=pdfwrite -sPageList="$pages" -sOutputFile="$dir/out.pdf" "$in"
  timed qpdf qpdf --empty --pages "$in" "$pages" -- "$dir/out.pdf"
done

marked() { # name, file
  local n=0
  for p in $(seq 1 72); do
    pdftotext -f "$p" -l "$p" "$2" - 2>/dev/null | tr -d '\n ' | grep -q 'tidakuntukdisebarluaskan' && n=$((n + 1))
  done
  printf '  %-36s %d of 72 pages\n' "$1" "$n"
}
echo "the mark after:"
in=$dir/website-ours.pdf
marked nothing "$in"
qpdf --qdf --object-streams=disable --flatten-annotations=all "$in" "$dir/a.pdf" && marked 'qpdf --qdf --flatten-annotations' "$dir/a.pdf"
qpdf --coalesce-contents --remove-unreferenced-resources=yes "$in" "$dir/b.pdf" && marked 'qpdf --coalesce-contents' "$dir/b.pdf"
mutool clean -ggggsz "$in" "$dir/c.pdf" && marked 'mutool clean -ggggsz' "$dir/c.pdf"
gs -q -dNOPAUSE -dBATCH -sDEVICE=pdfwrite -dPreserveAnnots=false -sOutputFile="$dir/d.pdf" "$in" && marked 'gs pdfwrite, without annotations' "$dir/d.pdf"
