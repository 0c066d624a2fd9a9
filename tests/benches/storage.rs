//! How storage compares with plain copies of the same bytes, measured in one run.
use std::hint::black_box;
use std::time::{Duration, Instant};
use vss_sim::storage::Extents;
const MIB: usize = 1 << 20;
fn time<T>(f: impl FnOnce() -> T) -> (Duration, T) {
    let s = Instant::now();
    let t = black_box(f());
    (s.elapsed(), t)
}
fn main() {
    let src = vec![0x5a_u8; 256 * MIB];
    let mut dst = vec![1_u8; 256 * MIB];
    let mut plain = Duration::MAX;
    for _ in 0..5 {
        let (t, ()) = time(|| {
            for (a, b) in dst.chunks_mut(MIB).zip(src.chunks(MIB)) {
                a.copy_from_slice(b)
            }
        });
        plain = plain.min(t);
    }
    println!("plain 256MiB {plain:?}");
    let mut lun = Extents::new(1 << 30);
    let (t, ()) = time(|| {
        for i in 0..1024 {
            lun.write((i * MIB) as u64, &src[..MIB]).unwrap()
        }
    });
    println!("fresh write per 256MiB {:?}", t / 4);
    for _ in 0..3 {
        let (t, ()) = time(|| {
            for i in 0..256 {
                lun.write((i * MIB) as u64, &src[i * MIB..][..MIB]).unwrap()
            }
        });
        println!("rewrite 256MiB {t:?}");
        let (t, ()) = time(|| {
            for i in 0..256 {
                lun.read((i * MIB) as u64, &mut dst[i * MIB..][..MIB]).unwrap()
            }
        });
        println!("read 256MiB {t:?}");
        let (t, snap) = time(|| lun.clone());
        println!("clone {t:?}");
        let (t, ()) = time(|| {
            for i in 0..256 {
                lun.write((i * MIB) as u64, &src[i * MIB..][..MIB]).unwrap()
            }
        });
        println!("cow write 256MiB {t:?}");
        let (t, d) = time(|| lun.diff(&snap));
        println!("diff {t:?} {}", d.len());
        let (t, ()) = time(|| lun.copy_from(&snap));
        println!("copy_from {t:?}");
    }
}
