//! The stages of opening a snapshot, one by one, on the bundled demo or on the file that HEAPWALK_BENCH names.

use std::hint::black_box;
use std::path::PathBuf;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use heapwalk::base::meter::Meter;
use heapwalk::columns::Columns;
use heapwalk::error::Result;
use heapwalk::index::{DomState, Dominators, Ground, RootMode};
use heapwalk::index::{classes, detached, distances, dominators, ownership, queriable, retained, retainers};
use heapwalk::input::{self, Options};
use rustc_hash::FxHashSet;

fn path() -> PathBuf {
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/demo.heapsnapshot.zst");
    std::env::var_os("HEAPWALK_BENCH").map_or_else(|| demo.into(), PathBuf::from)
}

fn read() -> Columns {
    input::read_path(&path(), &Options::default(), &Arc::default()).expect("a snapshot")
}

fn stages(criterion: &mut Criterion) {
    let meter = Meter::default();
    let mut group = criterion.benchmark_group("stages");
    group.sample_size(10);
    group.bench_function("read", |bench| bench.iter(|| black_box(read())));
    let ground = Ground::new(Arc::new(read()), RootMode::All);
    let dom: DomState = detached::compute(&ground, &meter).expect("not cancelled");
    group.bench_function("shallow sizes", |bench| {
        bench.iter(|| ownership::compute(&ground, &dom, &meter).expect("not cancelled"));
    });
    group.bench_function("classes", |bench| {
        bench.iter(|| classes::compute(&ground, &dom, None, &meter).expect("not cancelled"));
    });
    group.bench_function("distances", |bench| {
        bench.iter(|| distances::compute(&ground, &FxHashSet::default(), &meter).expect("not cancelled"));
    });
    group.bench_function("reachable", |bench| {
        bench.iter(|| queriable::compute(&ground, &meter).expect("not cancelled"));
    });
    group.bench_function("retainers", |bench| {
        bench.iter(|| retainers::compute(&ground, &meter).expect("not cancelled"));
    });
    let tree = || -> Result<Dominators> {
        let (search, _) = dominators::search(&ground, &meter)?;
        dominators::tree(dominators::immediate(dominators::sort(search, &meter)?, &meter)?, &meter)
    };
    group.bench_function("dominators", |bench| bench.iter(|| tree().expect("not cancelled")));
    let tree = tree().expect("not cancelled");
    let shallow = ownership::compute(&ground, &dom, &meter).expect("not cancelled");
    group.bench_function("retained sizes", |bench| {
        bench.iter(|| retained::compute(&tree, &shallow, &meter).expect("not cancelled"));
    });
    group.finish();
}

criterion_group!(benches, stages);
criterion_main!(benches);
